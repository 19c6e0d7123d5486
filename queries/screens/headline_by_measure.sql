-- Question: what do the main figures of a year come to, and what were they the year before?
-- Grain: one row per measure of $measures; `previous_` columns speak of the year before $year.

with due as (
    select
        body_id,
        year,
        report_id
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = body_id
    where year in ($year, $year - 1) and state <> 'not_due'
),

expected as (
    select count(*) as bodies
    from due
    where year = $year
),

figures as (
    select
        figure.measure,
        due.year,
        figure.report_id,
        figure.fact_id,
        figure.value,
        figure.status,
        figure.bound
    from due
    inner join figure using (report_id)
    where list_contains($measures, figure.measure)
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
        case when count(*) filter (where year = $year) = 1 then any_value(status) filter (where year = $year) end
            as status,
        count(value) filter (where year < $year) as previous_reported,
        any_value(bound) filter (where year < $year and value is not null) as previous_bound,
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
    summed.* exclude (measure)
from measure
inner join summed using (measure)
cross join expected
order by measure.position
