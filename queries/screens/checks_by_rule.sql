-- Question: which rules held, broke, gave a note (broken, but only for information) or could not be judged?
-- Grain: one row per rule with a finding in current documents of $bodies from $first to $last; the last columns add up all rules.

with broken as (
    select count(distinct finding.report_id) as reports
    from finding
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        current_report.is_current
        and report.year between $first and $last
        and finding.outcome = 'broken'
        and finding.severity <> 'info'
),

judged as (
    select
        finding.rule,
        count(*) filter (where finding.outcome = 'holds') as holds,
        count(*) filter (where finding.outcome = 'broken' and finding.severity <> 'info') as broken,
        count(*) filter (where finding.outcome = 'broken' and finding.severity = 'info') as note,
        count(*) filter (where finding.outcome = 'not_assessable') as not_assessable
    from finding
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        current_report.is_current
        and report.year between $first and $last
    group by finding.rule
)

select
    judged.rule,
    coalesce(case when $language = 'en' then rule.label_en else rule.label_zh end, judged.rule) as label,
    rule.severity,
    rule.formula,
    rule.cause,
    (
        select count(*)
        from rule_part
        where rule_part.rule = judged.rule
    ) as parts,
    judged.holds,
    judged.broken,
    judged.note,
    judged.not_assessable,
    broken.reports,
    count(*) filter (where judged.broken > 0) over () as broken_rules,
    sum(judged.holds) over ()::integer as all_holds,
    sum(judged.broken) over ()::integer as all_broken,
    sum(judged.note) over ()::integer as all_note,
    sum(judged.not_assessable) over ()::integer as all_not_assessable,
    sum(judged.holds + judged.broken + judged.note) over ()::integer as all_assessable
from judged
cross join broken
left join rule using (rule)
order by judged.broken desc, judged.note desc, rule.position
