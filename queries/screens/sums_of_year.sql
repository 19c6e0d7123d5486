-- Question: in whose report of a year do sums not come out, and which rules are broken in most reports?
-- Grain: one row per current document of $bodies for $year and rule of arithmetic that it breaks, with the first figure
-- that entered; rules broken in most reports first; where none is broken, one row of counts without a rule.
-- n counts the reports in which a rule of arithmetic could be judged, `reports` those that break one.

with judged as (
    select
        finding.*,
        report.body_id,
        report.year
    from finding
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    inner join rule using (rule)
    where
        current_report.is_current
        and report.year in ($year, $year - 1)
        and rule.cause = 'arithmetic'
        and finding.severity <> 'info'
        and finding.outcome in ('holds', 'broken')
),

counted as (
    select
        count(distinct report_id) filter (where year = $year) as n,
        count(distinct report_id) filter (where year = $year and outcome = 'broken') as reports,
        count(distinct report_id) filter (where year < $year) as previous_n,
        count(distinct report_id) filter (where year < $year and outcome = 'broken') as previous_reports
    from judged
),

broken as (
    select
        report_id,
        body_id,
        rule,
        count(*) as breaks,
        arg_min(places, row(list_position(['error', 'warning'], severity), places)) as places
    from judged
    where year = $year and outcome = 'broken'
    group by report_id, body_id, rule
),

ranked as (
    select
        *,
        count(*) over (partition by rule) as rule_reports,
        sum(breaks) over (partition by rule)::integer as rule_breaks,
        sum(breaks) over (partition by report_id)::integer as report_breaks
    from broken
)

select
    ranked.* exclude (places),
    body.name as body,
    case when $language = 'en' then rule.label_en else rule.label_zh end as label,
    (select count(*) from rule_part where rule_part.rule = ranked.rule) as parts,
    (
        select fact.fact_id
        from fact
        where fact.report_id = ranked.report_id and list_contains(ranked.places, fact.locator)
        order by list_position(ranked.places, fact.locator), fact.fact_id
        limit 1
    ) as fact_id,
    counted.*
from counted
left join ranked on true
left join body on body.body_id = ranked.body_id
left join rule on rule.rule = ranked.rule
order by ranked.rule_reports desc, rule.position, ranked.body_id
