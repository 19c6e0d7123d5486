-- Question: which checks of a report broke or could not be judged?
-- Grain: one row per finding of $report that does not hold.

select
    finding.rule,
    coalesce(case when $language = 'en' then rule.label_en else rule.label_zh end, finding.rule) as label,
    finding.severity,
    finding.measure,
    finding.applicant,
    case when finding.outcome = 'broken' and finding.severity = 'info' then 'note' else finding.outcome end as outcome,
    case
        when $language = 'en' and finding.message_en <> '' then finding.message_en
        else finding.message
    end as message,
    finding.decision,
    correction.reason,
    correction.author,
    correction.made_on
from finding
left join rule using (rule)
left join correction using (correction_id)
where finding.report_id = $report and finding.outcome <> 'holds'
order by
    finding.severity = 'info',
    list_position(['broken', 'not_assessable'], finding.outcome), finding.rule
