-- Question: what does each rule ask, and on what does it rest?
-- Grain: one row per rule.

select
    rule.rule,
    rule.cause,
    rule.severity,
    rule.label_zh as label,
    string_agg(distinct rule_part.source, '；' order by rule_part.source) as source
from rule
left join rule_part using (rule)
group by rule.rule, rule.cause, rule.severity, rule.label_zh, rule.position
order by rule.position
