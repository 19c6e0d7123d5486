-- Question: in which counties has the limit passed of a report that was not due when it was last looked at?
-- Grain: one row per county.
select distinct concat_ws('|', body.province, body.prefecture, body.county) as county
from warehouse.expected_report
join warehouse.body using (body_id)
where expected_report.state = 'not_due'
    and coalesce(expected_report.publication_limit, make_date(expected_report.year + 1, 3, 31)) < current_date
order by county
