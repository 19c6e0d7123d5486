-- Question: which bundles make up the counties in `counties`?
-- Grain: one row per bundle in the temporary table `wanted`.
create or replace temp table wanted as
select held.bundle
from (
    select bundle, body_id from warehouse.main.report
    union
    select bundle, body_id from warehouse.past.report
) as held
left join warehouse.main.body using (body_id)
where coalesce(concat_ws('|', body.province, body.prefecture, body.county), '') in (select county from counties)
union
select bundle from warehouse.main.body
where concat_ws('|', province, prefecture, county) in (select county from counties)
union
select correction.bundle
from warehouse.main.correction
join warehouse.main.body using (body_id)
where concat_ws('|', body.province, body.prefecture, body.county) in (select county from counties)
union
select 'county:' || county from counties
