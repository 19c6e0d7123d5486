-- Question: what are the main figures of each report?
-- Grain: one row per report of $bodies from $first to $last and measure of $measures.

select
    report.report_id,
    body.name as body,
    report.year,
    report.published,
    report.sha256 is null as is_published_figure,
    figure.measure,
    figure.fact_id,
    figure.value,
    figure.status,
    figure.bound,
    measure.position
from report
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = report.body_id
inner join body using (body_id)
inner join figure using (report_id)
inner join measure using (measure)
inner join current_report using (report_id)
where
    current_report.is_current
    and report.year between $first and $last
    and list_contains($measures, figure.measure)
order by report.year desc, body.body_id, report.sha256 is null, report.report_id, measure.position
