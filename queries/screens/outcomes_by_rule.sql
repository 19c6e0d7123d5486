-- Question: did the rules of tables three and four hold in one report?
-- Grain: one row per rule of the two tables judged on $report.

select
    finding.rule,
    coalesce(case when $language = 'en' then rule.label_en else rule.label_zh end, finding.rule) as label,
    count(*) filter (where finding.outcome = 'holds') as holds,
    count(*) filter (where finding.outcome = 'broken' and finding.severity <> 'info') as broken,
    count(*) filter (where finding.outcome = 'broken' and finding.severity = 'info') as note,
    count(*) filter (where finding.outcome = 'not_assessable') as not_assessable,
    sum(count(*) filter (where finding.outcome = 'broken' and finding.severity <> 'info')) over ()::integer as all_broken,
    sum(count(*) filter (where finding.outcome <> 'not_assessable')) over ()::integer as all_assessable
from finding
left join rule using (rule)
where finding.report_id = $report and (finding.rule like 'T3-%' or finding.rule like 'T4-%')
group by finding.rule, rule.label_zh, rule.label_en
order by finding.rule
