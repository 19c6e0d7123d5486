-- Question: which sets of bodies can be looked at together, and what is held of each?
-- Grain: one row per county (or prefecture, where there is no county), and one for all real bodies together.

with held as (
    select
        body.body_id,
        count(report.sha256) as documents,
        count(report.report_id) as reports,
        min(report.year) as first_year,
        max(report.year) as last_year
    from body
    left join report using (body_id)
    group by body.body_id
),

placed as (
    select
        body.body_id,
        body.origin = 'invented' as invented,
        concat_ws(
            '-',
            case when body.origin = 'invented' then 'demo' end,
            coalesce(body.prefecture, body.province),
            body.county
        ) as scope,
        coalesce(body.county, body.prefecture, body.province) as place,
        body.prefecture,
        body.province,
        held.documents,
        held.reports,
        held.first_year,
        held.last_year
    from body
    inner join held using (body_id)
),

counties as (
    select
        scope,
        any_value(place) as place,
        any_value(prefecture) as prefecture,
        any_value(province) as province,
        invented,
        count(*) as bodies,
        sum(documents)::integer as documents,
        sum(reports)::integer as reports,
        min(first_year) as first_year,
        max(last_year) as last_year
    from placed
    group by scope, invented
),

everything_real as (
    select
        'real' as scope,
        null as place,
        null as prefecture,
        null as province,
        false as invented,
        count(*) as bodies,
        sum(documents)::integer as documents,
        sum(reports)::integer as reports,
        min(first_year) as first_year,
        max(last_year) as last_year
    from placed
    where not invented
    having count(*) > 0
),

scopes as (
    select * from counties
    union all by name
    select * from everything_real
)

select *
from scopes
order by
    not invented and scope <> 'real' and documents >= 10 desc,
    invented desc,
    scope <> 'real' and documents > 0 desc,
    scope = 'real' desc,
    reports desc,
    scope
