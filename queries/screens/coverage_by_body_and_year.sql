-- Question: whose report of which year do we hold, was it published in time, and is a whole table of it empty?
-- Grain: one row per body of $bodies and year from $first to $last; the counts repeat on each row of a year, and
-- `previous_` counts speak of the year before it.
-- `shown` is `state`, but for a report of which a table has not one figure: its cells are all blank or dashed.

with years as (
    select unnest(generate_series($first::integer - 1, $last::integer))::integer as year
),

owed as (
    select
        body.body_id,
        body.name as body,
        body.kind,
        years.year,
        expected_report.report_id,
        expected_report.published,
        expected_report.publication_limit,
        case
            when expected_report.state is not null then expected_report.state
            when years.year < body.valid_from or years.year > body.valid_to then 'not_founded'
            else 'not_sought'
        end as state
    from body
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = body.body_id
    cross join years
    left join expected_report
        on expected_report.body_id = body.body_id
        and expected_report.year = years.year
),

printed as (
    select
        fact.report_id,
        measure.section,
        min(measure.position) as position,
        count(*) as cells,
        count(*) filter (where fact.status in ('blank', 'dash')) as empty_cells
    from fact
    inner join measure using (measure)
    where
        fact.report_id in (select report_id from owed)
        and measure.section in ('proactive', 'requests', 'disputes', 'annex')
        and regexp_matches(fact.locator, '^b\d+r\d+')
    group by fact.report_id, measure.section
),

emptied as (
    select
        report_id,
        list(section order by position) as blank_tables
    from printed
    where cells = empty_cells
    group by report_id
),

judged as (
    select
        owed.*,
        coalesce(emptied.blank_tables, []) as blank_tables,
        case
            when emptied.report_id is not null and owed.state = 'late' then 'blank_late'
            when emptied.report_id is not null and owed.state in ('on_time', 'undated') then 'blank'
            else owed.state
        end as shown,
        case when owed.state = 'late' then date_diff('day', owed.publication_limit, owed.published) end as days_late
    from owed
    left join emptied using (report_id)
),

counted as (
    select
        year,
        count(*) filter (where state not in ('not_founded', 'not_sought', 'not_due')) as expected,
        count(*) filter (where state in ('on_time', 'late', 'undated', 'unreadable')) as documents,
        count(*) filter (where state = 'figures') as figures_only,
        count(*) filter (where state = 'on_time') as on_time,
        count(*) filter (where state = 'late') as late,
        count(*) filter (where state = 'missing') as missing,
        count(*) filter (where state = 'unreadable') as unreadable,
        count(*) filter (where state = 'undated') as undated,
        list(body order by body_id) filter (where state in ('on_time', 'late', 'undated', 'unreadable')) as held_names,
        list(body order by body_id) filter (where state = 'missing') as missing_names,
        count(*) filter (where shown in ('blank', 'blank_late')) as blank
    from judged
    group by year
),

followed as (
    select
        *,
        lag(expected) over line as previous_expected,
        lag(documents) over line as previous_documents,
        lag(on_time) over line as previous_on_time,
        lag(late) over line as previous_late,
        lag(missing) over line as previous_missing,
        lag(unreadable) over line as previous_unreadable,
        lag(undated) over line as previous_undated,
        lag(blank) over line as previous_blank
    from counted
    window line as (order by year)
),

lined as (
    select
        *,
        lag(state) over (partition by body_id order by year) as previous_state
    from judged
)

select
    lined.*,
    followed.* exclude (year)
from lined
inner join followed using (year)
where lined.year >= $first::integer
order by lined.body_id, lined.year
