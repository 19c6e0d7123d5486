-- Question: which counties do some reports belong to, or did they belong to before they were withdrawn?
-- Grain: one row per county.
select distinct coalesce(concat_ws('|', body.province, body.prefecture, body.county), '') as county
from (
    select report_id, body_id from warehouse.report
    union all
    select report_id, body_id from warehouse.past.report
) as held
left join warehouse.body using (body_id)
where list_contains($reports::text[], held.report_id)
order by county
