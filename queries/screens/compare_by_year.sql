-- Question: what do some bodies give for some measures year by year, beside the bodies of their county and kind?
-- Grain: one row per measure of $measures, body of $bodies and year from $first to $last in which it owed a report.
-- `median`, `q1`, `q3`, `n` and `due` speak of all bodies of its county and kind in that year, itself among them.
-- `usual_year` is the newest of the years in which most of $bodies have a figure.
-- `joins` speaks of the line from the year before; `follows` says whether that year has a row.

with owed as (
    select
        expected_report.body_id,
        body.name as body,
        expected_report.lineage,
        expected_report.year,
        expected_report.state,
        expected_report.report_id,
        concat_ws('|', body_place.scope, body.kind) as peers,
        expected_report.body_id in (select unnest($bodies::text[])) as is_asked
    from expected_report
    inner join body using (body_id)
    inner join body_place using (body_id)
    where expected_report.year between $first and $last and expected_report.state <> 'not_due'
),

near as (
    select *
    from owed
    where peers in (select peers from owed where is_asked)
),

given as (
    select
        near.*,
        measure.measure,
        figure.value,
        coalesce(
            figure.status,
            case when near.state in ('missing', 'unreadable') then near.state else 'absent' end
        ) as status,
        coalesce(figure.bound, 'exact') as bound,
        figure.fact_id,
        count(*) over same as due,
        count(figure.value) over same as n,
        median(figure.value) over same as median,
        quantile_cont(figure.value, 0.25) over same as q1,
        quantile_cont(figure.value, 0.75) over same as q3,
        lag(near.year) over line = near.year - 1 as follows
    from near
    cross join measure
    left join figure
        on figure.report_id = near.report_id
        and figure.measure = measure.measure
    where list_contains($measures, measure.measure)
    window
        same as (partition by near.peers, near.year, measure.measure),
        line as (partition by near.body_id, measure.measure order by near.year)
),

usual as (
    select year
    from given
    where is_asked and value is not null
    group by year
    order by count(distinct body_id) desc, year desc
    limit 1
)

select
    given.body_id,
    given.body,
    given.year,
    given.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.unit,
    given.value,
    given.status,
    given.bound,
    given.report_id,
    given.fact_id,
    given.peers,
    given.n,
    given.due,
    given.median,
    given.q1,
    given.q3,
    given.value - given.median as difference,
    (select year from usual) as usual_year,
    coalesce(given.follows, false) as follows,
    coalesce(series_breaks.joins, 'yes') as joins,
    case when $language = 'en' then series_breaks.note_en else series_breaks.note_zh end as note
from given
inner join measure using (measure)
left join series_breaks
    on series_breaks.body_id = given.lineage
    and series_breaks.measure = given.measure
    and series_breaks.channel is null
    and series_breaks.to_year = given.year
    and series_breaks.from_year = given.year - 1
where given.is_asked
order by list_position($measures, given.measure), list_position($bodies, given.body_id), given.year
