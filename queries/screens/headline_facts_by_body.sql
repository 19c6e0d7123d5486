-- Question: what are the main figures of each report?
-- Grain: one row per report of $bodies from $first to $last and measure of $measures.

select
    report.report_id,
    body.name as body,
    report.year,
    report.published,
    report.sha256 is null as is_published_figure,
    fact.measure,
    fact.fact_id,
    fact.value,
    fact.status,
    fact.bound,
    measure.position
from report
inner join body using (body_id)
inner join fact using (report_id)
inner join measure using (measure)
where
    list_contains($bodies, report.body_id)
    and report.year between $first and $last
    and list_contains($measures, fact.measure)
    and coalesce(fact.applicant, 'total') = 'total'
    and fact.channel is null
    and fact.category is null
qualify row_number() over (
    partition by report.report_id, fact.measure
    order by fact.status <> 'reported', fact.fact_id
) = 1
order by report.year desc, body.body_id, measure.position
