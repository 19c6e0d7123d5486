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

given as (
    select
        owed.scope,
        owed.year,
        measure.measure,
        figure.value,
        figure.bound,
        case
            when owed.state = 'missing' then 'missing'
            when owed.state = 'unreadable' then 'unreadable'
            when figure.status is null then 'absent'
            else figure.status
        end as status
    from owed
    cross join measure
    left join figure
        on figure.report_id = owed.report_id
        and figure.measure = measure.measure
    where measure.measure not in ('items_by_channel', 'items_by_category')
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
    given.scope,
    given.year,
    given.measure,
    count(*) as due,
    count(given.value) as n,
    count(*) filter (where given.status = 'blank') as blank,
    count(*) filter (where given.status = 'dash') as dash,
    count(*) filter (where given.status = 'unreadable') as unreadable,
    count(*) filter (where given.status = 'not_printed') as not_printed,
    count(*) filter (where given.status = 'ambiguous') as ambiguous,
    count(*) filter (where given.status = 'incomplete') as incomplete,
    count(*) filter (where given.status = 'absent') as absent,
    count(*) filter (where given.status = 'missing') as missing,
    count(*) filter (where given.value = 0) as zeros,
    sum(given.value) as total,
    coalesce(bool_or(given.bound <> 'exact') filter (where given.value is not null), false) as holds_bound,
    median(given.value) as median,
    quantile_cont(given.value, 0.25) as q1,
    quantile_cont(given.value, 0.75) as q3
from given
join anchor using (scope)
group by anchor.body_id, given.scope, given.year, given.measure
order by given.scope, given.year, given.measure
