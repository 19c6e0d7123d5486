-- Question: whose report of which year do we hold, and was it published in time?
-- Grain: one row per body of $bodies and year from $first to $last; the counts repeat on each row of a year.

with years as (
    select unnest(generate_series($first::integer, $last::integer))::integer as year
),

readable as (
    select
        report.report_id,
        report.body_id,
        report.year,
        report.published,
        report.publication_limit,
        report.sha256 is null as is_published_figure,
        count(*) filter (where fact.status = 'reported' and fact.measure <> 'published') as figures
    from report
    left join fact using (report_id)
    where list_contains($bodies, report.body_id)
    group by all
),

held as (
    select *
    from readable
    qualify row_number() over (
        partition by body_id, year
        order by is_published_figure, figures desc, report_id
    ) = 1
),

judged as (
    select
        body.body_id,
        body.name as body,
        body.kind,
        years.year,
        held.report_id,
        held.published,
        held.publication_limit,
        held.figures,
        case
            when held.report_id is not null and held.is_published_figure then 'figures'
            when held.report_id is not null and held.figures = 0 then 'unreadable'
            when held.report_id is not null and held.published is null then 'undated'
            when held.published > held.publication_limit then 'late'
            when held.report_id is not null then 'on_time'
            when years.year < body.valid_from or years.year > body.valid_to then 'not_founded'
            else 'missing'
        end as state
    from body
    cross join years
    left join held on held.body_id = body.body_id and held.year = years.year
    where list_contains($bodies, body.body_id)
)

select
    *,
    count(*) filter (where state <> 'not_founded') over same_year as expected,
    count(*) filter (where state not in ('not_founded', 'missing', 'figures')) over same_year as documents,
    count(*) filter (where state = 'figures') over same_year as figures_only,
    count(*) filter (where state = 'on_time') over same_year as on_time,
    count(*) filter (where state = 'late') over same_year as late,
    count(*) filter (where state = 'missing') over same_year as missing,
    count(*) filter (where state = 'unreadable') over same_year as unreadable,
    count(*) filter (where state = 'undated') over same_year as undated
from judged
window same_year as (partition by year)
order by body_id, year
