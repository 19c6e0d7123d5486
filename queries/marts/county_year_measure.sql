-- Question: what do the townships of a county come to, and on how many of them does that rest?
-- Grain: one row per county, year and measure; `body_id` is any one body of the county, to find its rows by.
-- due = n + blank + dash + unreadable + not_printed + ambiguous + incomplete + absent + missing, always.
with owed as (
    select
        body_place.scope,
        expected_report.year,
        expected_report.report_id,
        expected_report.state
    from expected_report
    join body using (body_id)
    join body_place using (body_id)
    where body_place.is_township and expected_report.state <> 'not_due'
),

span as (
    select
        scope,
        year,
        count(*) as due,
        count(*) filter (where state = 'missing') as missing,
        count(*) filter (where state = 'unreadable') as unreadable
    from owed
    group by scope, year
),

given as (
    select
        owed.scope,
        owed.year,
        figure.measure,
        figure.value,
        figure.bound,
        case when owed.state <> 'unreadable' then figure.status end as status
    from owed
    join figure using (report_id)
    where figure.measure not in ('items_by_channel', 'items_by_category')
    union all by name
    -- one row for each measure, so that one which nobody states is counted too
    select
        span.scope,
        span.year,
        measure.measure
    from span
    cross join measure
    where measure.measure not in ('items_by_channel', 'items_by_category')
),

counted as (
    select
        scope,
        year,
        measure,
        count(value) as n,
        count(status) as told,
        count(*) filter (where status = 'blank') as blank,
        count(*) filter (where status = 'dash') as dash,
        count(*) filter (where status = 'unreadable') as unreadable,
        count(*) filter (where status = 'not_printed') as not_printed,
        count(*) filter (where status = 'ambiguous') as ambiguous,
        count(*) filter (where status = 'incomplete') as incomplete,
        count(*) filter (where value = 0) as zeros,
        sum(value) as total,
        count(*) filter (where value is not null and bound <> 'exact') > 0 as holds_bound,
        quantile_cont(value, [0.25, 0.5, 0.75]) as quartiles
    from given
    group by scope, year, measure
),

anchor as (
    select
        scope,
        min(body_id) as body_id
    from body_place
    group by scope
)

select
    anchor.body_id,
    counted.scope,
    counted.year,
    counted.measure,
    span.due,
    counted.n,
    counted.blank,
    counted.dash,
    counted.unreadable + span.unreadable as unreadable,
    counted.not_printed,
    counted.ambiguous,
    counted.incomplete,
    span.due - span.missing - span.unreadable - counted.told as absent,
    span.missing,
    counted.zeros,
    counted.total,
    counted.holds_bound,
    counted.quartiles[2] as median,
    counted.quartiles[1] as q1,
    counted.quartiles[3] as q3
from counted
join span using (scope, year)
join anchor using (scope)
order by counted.scope, counted.year, counted.measure
