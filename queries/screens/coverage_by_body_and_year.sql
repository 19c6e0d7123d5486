-- Question: whose report of which year do we hold, and was it published in time?
-- Grain: one row per body of $bodies and year from $first to $last; the counts repeat on each row of a year.

with years as (
    select unnest(generate_series($first::integer, $last::integer))::integer as year
),

judged as (
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
    cross join years
    left join expected_report
        on expected_report.body_id = body.body_id
        and expected_report.year = years.year
    where list_contains($bodies, body.body_id)
)

select
    *,
    count(*) filter (where state not in ('not_founded', 'not_sought', 'not_due')) over same_year as expected,
    count(*) filter (where state in ('on_time', 'late', 'undated', 'unreadable')) over same_year as documents,
    count(*) filter (where state = 'figures') over same_year as figures_only,
    count(*) filter (where state = 'on_time') over same_year as on_time,
    count(*) filter (where state = 'late') over same_year as late,
    count(*) filter (where state = 'missing') over same_year as missing,
    count(*) filter (where state = 'unreadable') over same_year as unreadable,
    count(*) filter (where state = 'undated') over same_year as undated
from judged
window same_year as (partition by year)
order by body_id, year
