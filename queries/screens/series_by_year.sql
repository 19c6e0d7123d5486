-- Question: how did a measure go over the years, on how many bodies does each year rest, and where does it not join?
-- Grain: one row per measure of $measures and year from $first to $last in which a body of $bodies owed a report.
-- A line joins a year to the one before where at least half of its bodies had a value then too: `is_joined`.
-- `joins` speaks of the line from the year before; the worst of the bodies with a value in both years decides.

with owed as (
    select
        expected_report.lineage,
        expected_report.year,
        expected_report.report_id
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    where
        expected_report.year between $first and $last
        and expected_report.state <> 'not_due'
),

-- by reports alone first: with the measure in the same join nothing tells that so few rows are wanted
stated as (
    select
        figure.report_id,
        figure.measure,
        figure.value,
        figure.status,
        figure.bound,
        figure.fact_id
    from figure
    inner join owed using (report_id)
    where list_contains($measures, figure.measure)
),

given as (
    select
        owed.lineage,
        owed.year,
        owed.report_id,
        measure.measure,
        stated.value,
        stated.status,
        stated.bound,
        stated.fact_id,
        lag(stated.value) over line as previous_value,
        lag(owed.year) over line = owed.year - 1 as follows
    from owed
    cross join measure
    left join stated
        on stated.report_id = owed.report_id
        and stated.measure = measure.measure
    where list_contains($measures, measure.measure)
    window line as (partition by owed.lineage, measure.measure order by owed.year)
),

broken as (
    select
        series_breaks.body_id,
        series_breaks.measure,
        series_breaks.to_year,
        series_breaks.joins,
        case when $language = 'en' then series_breaks.note_en else series_breaks.note_zh end as note
    from series_breaks
    inner join (select distinct lineage from owed) as line on line.lineage = series_breaks.body_id
    where
        list_contains($measures, series_breaks.measure)
        and series_breaks.channel is null
        and series_breaks.from_year = series_breaks.to_year - 1
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
        max(list_position(['yes', 'after_adding', 'rough', 'no'], broken.joins))
            filter (where given.value is not null and given.previous_value is not null) as worst,
        any_value(broken.note) filter (where given.value is not null and given.previous_value is not null) as note
    from given
    left join broken
        on broken.body_id = given.lineage
        and broken.measure = given.measure
        and broken.to_year = given.year
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
