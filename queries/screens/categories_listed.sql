-- Question: which reports list what they disclosed by category?
-- Grain: one row per report of $bodies from $first to $last that gives a figure for a category, newest first.

select
    report.report_id,
    report.body_id,
    body.name as body,
    report.year,
    count(*) as categories
from fact
inner join report using (report_id)
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = report.body_id
inner join expected_report using (report_id)
inner join body on body.body_id = report.body_id
where
    fact.measure = 'items_by_category'
    and fact.value is not null
    and report.year between $first and $last
group by all
order by report.year desc, report.body_id
