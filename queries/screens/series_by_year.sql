-- Question: how did a measure go over the years, on how many bodies does each year rest, and where does it not join?
-- Grain: one row per measure of $measures and year from $first to $last in which a body of $bodies owed a report.
-- A line joins a year to the one before where at least half of its bodies had a value then too: `is_joined`.
-- `joins` speaks of the line from the year before; the worst of the bodies with a value in both years decides.

with given as (
    select
        expected_report.lineage,
        expected_report.year,
        expected_report.report_id,
        measure.measure,
        figure.value,
        figure.status,
        figure.bound,
        figure.fact_id,
        lag(figure.value) over line as previous_value,
        lag(expected_report.year) over line = expected_report.year - 1 as follows
    from expected_report
    cross join measure
    left join figure
        on figure.report_id = expected_report.report_id
        and figure.measure = measure.measure
    where
        list_contains($bodies, expected_report.body_id)
        and expected_report.year between $first and $last
        and expected_report.state <> 'not_due'
        and list_contains($measures, measure.measure)
    window line as (partition by expected_report.lineage, measure.measure order by expected_report.year)
),

summed as (
    select
        given.measure,
        given.year,
        count(*) as due,
        count(given.value) as n,
        count(*) filter (where given.follows and given.value is not null and given.previous_value is not null) as again,
        sum(given.value) as total,
        median(given.value) as median,
        coalesce(bool_or(given.bound <> 'exact') filter (where given.value is not null), false) as holds_bound,
        case when count(*) = 1 then any_value(given.bound) end as bound,
        case when count(*) = 1 then any_value(given.status) end as status,
        case when count(*) = 1 then any_value(given.report_id) end as report_id,
        case when count(*) = 1 then any_value(given.fact_id) end as fact_id,
        max(list_position(['yes', 'after_adding', 'rough', 'no'], series_breaks.joins)) as worst,
        any_value(case when $language = 'en' then series_breaks.note_en else series_breaks.note_zh end) as note
    from given
    left join series_breaks
        on series_breaks.body_id = given.lineage
        and series_breaks.measure = given.measure
        and series_breaks.channel is null
        and series_breaks.to_year = given.year
        and series_breaks.from_year = given.year - 1
        and given.value is not null
        and given.previous_value is not null
    group by given.measure, given.year
)

select
    summed.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.unit,
    summed.* exclude (measure, worst, again),
    sum(summed.total) over (partition by summed.year) as together,
    min(summed.n) filter (where summed.n > 0) over (partition by summed.year) as together_n,
    summed.again > 0 and 2 * summed.again >= summed.n as is_joined,
    ['yes', 'after_adding', 'rough', 'no'][coalesce(summed.worst, 1)] as joins
from summed
inner join measure using (measure)
order by measure.position, summed.year
