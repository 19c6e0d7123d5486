-- Question: which bodies can be looked at, and what is held of each?
-- Grain: one row per body of $bodies; `held` counts the years of its reports from $first to $last, `latest` is the newest.

with owed as (
    select
        expected_report.*,
        (select count(fact.value) from fact where fact.report_id = expected_report.report_id) as figures,
        (
            select count(*)
            from finding
            where
                finding.report_id = expected_report.report_id
                and finding.outcome = 'broken'
                and finding.severity <> 'info'
        ) as broken
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = body_id
    where year between $first and $last and state <> 'not_due'
),

summed as (
    select
        body_id,
        count(*) as owed,
        count(report_id) as held,
        max(year) filter (where report_id is not null) as latest,
        arg_max(state, year) filter (where report_id is not null) as state,
        arg_max(figures, year) filter (where report_id is not null) as figures,
        arg_max(broken, year) filter (where report_id is not null) as broken,
        arg_max(report_id, year) filter (where report_id is not null) as report_id
    from owed
    group by body_id
)

select
    body.body_id,
    body.name as body,
    body.kind,
    summed.owed,
    summed.held,
    summed.latest,
    summed.state,
    summed.figures,
    summed.broken,
    summed.report_id,
    count(*) over () as bodies,
    count(summed.latest) over () as with_report
from body
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = body.body_id
left join summed using (body_id)
order by body.body_id
