-- Question: which reports are owed, and what became of each?
-- Grain: one row per body and year in which it existed (or has a report), over the years its county has reports of.
-- A report whose limit has not passed on the day of the build is not_due, and not missing.
with span as (
    select
        body_place.scope,
        min(report.year) as first_year,
        max(report.year) as last_year
    from report
    join body_place using (body_id)
    where report.year is not null
    group by body_place.scope
),

existed as (
    select
        body.body_id,
        -- greatest and least pass over an open end
        cast(unnest(generate_series(
            greatest(span.first_year, body.valid_from), least(span.last_year, body.valid_to)
        )) as integer) as year
    from body
    join body_place using (body_id)
    join span using (scope)
),

owed as (
    select * from existed
    union
    select
        body_id,
        year
    from report
    where body_id is not null and year is not null
),

held as (
    select
        report.report_id,
        report.body_id,
        report.year,
        report.published,
        report.origin,
        -- a cell that is blank was read: a report of blank tables is not an unreadable one
        exists (
            select 1
            from fact
            where fact.report_id = report.report_id and fact.status <> 'unreadable'
        ) as is_readable
    from report
    join current_report using (report_id)
    where current_report.is_current
    qualify row_number() over (
        partition by report.body_id, report.year
        order by report.origin = 'published_figure', report.report_id
    ) = 1
),

dated as (
    select
        owed.body_id,
        owed.year,
        body_place.lineage,
        cast(try_strptime(concat(owed.year + 1, '-', publication_limit.month_day), '%Y-%m-%d') as date)
            as publication_limit
    from owed
    join body using (body_id)
    join body_place using (body_id)
    left join publication_limit
        on publication_limit.kind = body.kind
        and owed.year >= coalesce(publication_limit.first_year, owed.year)
        and owed.year <= coalesce(publication_limit.last_year, owed.year)
)

select
    dated.body_id,
    dated.year,
    dated.lineage,
    dated.publication_limit,
    held.report_id,
    held.published,
    case
        when held.origin = 'published_figure' then 'figures'
        when not held.is_readable then 'unreadable'
        when held.report_id is not null and held.published is null then 'undated'
        when held.published > dated.publication_limit then 'late'
        when held.report_id is not null then 'on_time'
        when coalesce(dated.publication_limit, make_date(dated.year + 1, 3, 31)) >= current_date then 'not_due'
        else 'missing'
    end as state
from dated
left join held
    on held.body_id = dated.body_id
    and held.year = dated.year
order by dated.body_id, dated.year
