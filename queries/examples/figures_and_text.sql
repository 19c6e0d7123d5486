-- Question: what do reports print for a measure, and where?
-- Grain: one row per printed value.
select
    body.name,
    report.year,
    fact.value,
    fact.status,
    fact.bound,
    fact.raw_text,
    fact.locator
from fact
join report using (report_id)
join body using (body_id)
where fact.measure = 'requests_received'
order by body.name, report.year, fact.locator
