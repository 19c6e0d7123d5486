-- Question: how do the checks of each report come out, at worst; and where is there nothing that could be checked?
-- Grain: one row per body of $bodies and year from $first to $last, of bodies with a document or a report that is owed.
-- A report whose tables give no figure to check is `blank`, one without tables `no_table`: neither holds.

with years as (
    select unnest(generate_series($first::integer, $last::integer))::integer as year
),

held as (
    select
        report.report_id,
        report.body_id,
        report.year,
        report.layout
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        current_report.is_current
        and report.sha256 is not null
        and report.year between $first and $last
),

judged as (
    select
        held.report_id,
        count(*) filter (where finding.outcome = 'broken' and finding.severity = 'error') as errors,
        count(*) filter (where finding.outcome = 'broken' and finding.severity = 'warning') as warnings,
        count(*) filter (where finding.outcome = 'broken' and finding.severity = 'info') as notes,
        count(*) filter (where finding.outcome = 'holds') as holds,
        count(*) filter (where finding.outcome = 'not_assessable') as not_assessable,
        count(*) filter (where rule_part.kind = 'equation') as sums,
        count(*) filter (where rule_part.kind = 'equation' and finding.outcome <> 'not_assessable') as sums_assessable
    from held
    inner join finding using (report_id)
    left join (
        select
            rule,
            any_value(kind) as kind
        from rule_part
        group by rule
    ) as rule_part using (rule)
    group by held.report_id
),

doubted as (
    select
        report_id,
        count(*) as issues
    from issue
    inner join held using (report_id)
    group by report_id
),

seen as (
    select
        body.body_id,
        body.name as body,
        years.year,
        held.report_id,
        judged.errors,
        judged.warnings,
        judged.notes,
        judged.errors + judged.warnings as broken,
        judged.holds,
        judged.not_assessable,
        doubted.issues,
        case
            when held.report_id is null and expected_report.state is not null then expected_report.state
            when held.report_id is null and (years.year < body.valid_from or years.year > body.valid_to)
                then 'not_founded'
            when held.report_id is null then 'not_sought'
            when judged.report_id is null or expected_report.state = 'unreadable' then 'unreadable'
            when judged.sums > 0 and judged.sums_assessable = 0 then 'blank'
            when judged.errors > 0 then 'error'
            when judged.warnings > 0 then 'warning'
            when judged.sums = 0 and held.layout = 'narrative' then 'no_table'
            when judged.notes > 0 then 'note'
            when judged.holds > 0 then 'holds'
            else 'blank'
        end as state
    from body
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = body.body_id
    cross join years
    left join held
        on held.body_id = body.body_id
        and held.year = years.year
    left join judged on judged.report_id = held.report_id
    left join doubted on doubted.report_id = held.report_id
    left join expected_report
        on expected_report.body_id = body.body_id
        and expected_report.year = years.year
)

select
    *,
    count(*) filter (where state = 'blank') over () as blank_reports,
    count(*) filter (where state = 'missing') over () as missing_reports,
    count(report_id) over () as held_reports,
    count(*) filter (where broken > 0) over () as broken_reports
from seen
qualify bool_or(state not in ('figures', 'not_sought', 'not_founded')) over (partition by body_id)
order by body_id, year
