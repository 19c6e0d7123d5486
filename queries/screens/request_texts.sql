-- Question: what does the text of a report say of its requests, outside the tables?
-- Grain: one row per figure of section `requests` in $report that stands under no applicant.

select
    fact.fact_id,
    fact.measure,
    fact.value,
    fact.unit,
    fact.bound,
    fact.locator
from fact
inner join measure using (measure)
where
    fact.report_id = $report
    and measure.section = 'requests'
    and fact.applicant is null
    and fact.value is not null
order by measure.position, fact.fact_id
