-- Question: which reports of a scope can be read?
-- Grain: one row per report of $bodies from $first to $last.

select
    report.report_id,
    body.name as body,
    report.year,
    report.sha256 is null as is_published_figure,
    current_report.is_current
from report
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = report.body_id
inner join body using (body_id)
inner join current_report using (report_id)
where report.year between $first and $last
order by report.sha256 is null, report.year desc, body.body_id, current_report.place
