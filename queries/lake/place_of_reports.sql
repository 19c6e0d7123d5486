-- Question: to which county do the reports and bodies of a warehouse file belong?
-- Grain: one row per report (or body) and county; the same name of a county as reports_by_county.sql gives.
create or replace temp table {source}_place as
select distinct
    held.report_id as key,
    coalesce(concat_ws('|', body.province, body.prefecture, body.county), '') as county
from (
    select report_id, body_id from {source}.main.report
    union all
    select report_id, body_id from {source}.past.report
) as held
left join {source}.main.body using (body_id)
union all
select body_id, concat_ws('|', province, prefecture, county)
from {source}.main.body
