-- Question: which reports does each county have?
-- Grain: one row per county; reports of no known body stand under an empty name.
select
    coalesce(concat_ws('|', body.province, body.prefecture, body.county), '') as county,
    list(report.report_id order by report.report_id) as reports
from warehouse.report
left join warehouse.body using (body_id)
group by all
order by county
