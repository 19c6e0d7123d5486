-- Question: what does each body give for a measure in each year, how did it change, and where do its peers stand?
-- Grain: one row per body of $bodies and year from $first to $last in which it owed a report; what is said of a year
-- (due, n, quartiles, changes) repeats on each row of the year, what is said of a line of names on each row of it.
-- Where $per is true a value is per 10,000 residents, by the latest population at or before the year; a body without
-- one has no value then. A renamed body goes on in its first body's line; a year told twice counts once in the line.
-- A change is that of two exact figures of neighbouring years whose meanings join.

with due as (
    select
        expected_report.body_id,
        body.name as body,
        expected_report.lineage,
        expected_report.year,
        expected_report.state,
        expected_report.report_id
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    inner join body using (body_id)
    where
        expected_report.year between $first and $last
        and expected_report.state <> 'not_due'
),

-- by reports alone first: with the measure in the same join nothing tells that so few rows are wanted
stated as (
    select
        figure.report_id,
        figure.value,
        figure.status,
        figure.bound,
        figure.fact_id
    from figure
    inner join due using (report_id)
    where figure.measure = $measure
),

owed as (
    select
        due.*,
        stated.value as printed,
        stated.status,
        stated.bound,
        stated.fact_id
    from due
    left join stated using (report_id)
),

peopled as (
    select
        owed.*,
        population.residents,
        population.year as population_year,
        population.source as population_source,
        case when $per then round(10000 * owed.printed / population.residents, 1) else owed.printed end as value
    from owed
    asof left join population
        on population.body_id = owed.body_id
        and population.year <= owed.year
),

ranked as (
    select
        *,
        row_number() over (
            partition by lineage, year
            order by value is null, report_id is null, body_id
        ) = 1 as in_line
    from peopled
),

lined as (
    select
        *,
        lag(value) over line as line_before,
        lag(bound) over line as bound_before,
        lag(body_id) over line as body_before,
        lag(year) over line = year - 1 as follows
    from ranked
    window line as (partition by lineage, in_line order by year)
),

compared as (
    select
        lined.*,
        lined.in_line and lined.follows and lined.value is not null and lined.line_before is not null as again,
        list_position(['yes', 'after_adding', 'rough', 'no'], coalesce(series_breaks.joins, 'yes')) as joint,
        case when $language = 'en' then series_breaks.note_en else series_breaks.note_zh end as note,
        case
            when
                lined.in_line
                and lined.follows
                and lined.bound = 'exact'
                and lined.bound_before = 'exact'
                and coalesce(series_breaks.joins, 'yes') <> 'no'
                then lined.line_before
        end as value_before
    from lined
    left join series_breaks
        on series_breaks.body_id = lined.lineage
        and series_breaks.measure = $measure
        and series_breaks.channel is null
        and series_breaks.to_year = lined.year
        and series_breaks.from_year = lined.year - 1
),

changed as (
    select
        *,
        value - value_before as change
    from compared
),

summed as (
    select
        year,
        count(*) as due,
        count(value) as n,
        count(*) filter (where value is not null and bound <> 'exact') as inexact,
        median(value) as median,
        case when count(value) > 3 then quantile_cont(value, 0.25) end as q1,
        case when count(value) > 3 then quantile_cont(value, 0.75) end as q3,
        count(change) as pairs,
        median(value) filter (where change is not null) as pairs_median,
        median(value_before) filter (where change is not null) as pairs_before,
        count(*) filter (where change > 0) as rose,
        count(*) filter (where change < 0) as fell,
        count(*) filter (where again) as again,
        ['yes', 'after_adding', 'rough', 'no'][coalesce(max(joint) filter (where again), 1)] as joins,
        any_value(note) filter (where again) as joins_note
    from changed
    group by year
),

line_end as (
    select
        lineage,
        max_by(body_id, year) as newest_body,
        max_by(body, year) as newest_name,
        max(year) filter (where value is not null) as last_year,
        max_by(value, year) filter (where value is not null) as last_value,
        max_by(bound, year) filter (where value is not null) as last_bound,
        max(value) as line_most
    from changed
    where in_line
    group by lineage
)

select
    changed.* exclude (again, joint, note, follows, line_before, bound_before, body_before),
    changed.again and changed.joint < 3 as joined,
    changed.joint > 1 as meaning_changed,
    changed.joint = 3 and changed.again as joined_roughly,
    summed.* exclude (year, again),
    summed.pairs_median - summed.pairs_before as pairs_change,
    2 * summed.again >= summed.n and summed.again > 0 as is_joined,
    line_end.* exclude (lineage),
    max(changed.year) filter (where changed.value is not null) over () as latest,
    -- The common scale: a value far above the others would press them all flat.
    least(
        max(changed.value) over (),
        4 * quantile_cont(changed.value, 0.75) over () - 3 * quantile_cont(changed.value, 0.25) over ()
    ) as common_most,
    row_number() over (partition by changed.year order by changed.change desc nulls last, changed.body_id) as rise,
    row_number() over (partition by changed.year order by changed.change asc nulls last, changed.body_id) as fall
from changed
inner join summed using (year)
inner join line_end using (lineage)
order by line_end.last_value desc nulls last, line_end.newest_body, changed.year, changed.body_id
