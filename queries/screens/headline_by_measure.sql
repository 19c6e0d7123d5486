-- Question: what do the main figures of a year come to, and what were they the year before?
-- Grain: one row per measure of $measures; `previous_` columns speak of the year before $year.

with expected as (
    select count(*) as bodies
    from body
    where
        list_contains($bodies, body_id)
        and coalesce($year >= valid_from, true)
        and coalesce($year <= valid_to, true)
),

figures as (
    select
        fact.measure,
        report.year,
        fact.report_id,
        fact.fact_id,
        fact.value,
        fact.status,
        fact.bound
    from fact
    inner join report using (report_id)
    where
        list_contains($bodies, report.body_id)
        and list_contains($measures, fact.measure)
        and report.year in ($year, $year - 1)
        and coalesce(fact.applicant, 'total') = 'total'
    qualify row_number() over (
        partition by report.body_id, report.year, fact.measure
        order by fact.status <> 'reported', report.sha256 is null, fact.report_id, fact.fact_id
    ) = 1
),

summed as (
    select
        asked.measure,
        count(value) filter (where year = $year) as reported,
        median(value) filter (where year = $year) as median,
        sum(value) filter (where year = $year) as total,
        count(*) filter (where year = $year and value = 0) as zeros,
        count(*) filter (where year = $year and value is not null and bound <> 'exact') as inexact,
        any_value(report_id) filter (where year = $year and value is not null) as report_id,
        any_value(fact_id) filter (where year = $year and value is not null) as fact_id,
        any_value(bound) filter (where year = $year and value is not null) as bound,
        count(value) filter (where year < $year) as previous_reported,
        median(value) filter (where year < $year) as previous_median,
        sum(value) filter (where year < $year) as previous_total
    from (select unnest($measures) as measure) as asked
    left join figures using (measure)
    group by asked.measure
)

select
    measure.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.unit,
    expected.bodies as expected,
    summed.* exclude (measure),
    summed.median - summed.previous_median as median_change,
    summed.total - summed.previous_total as total_change
from measure
inner join summed using (measure)
cross join expected
order by measure.position
