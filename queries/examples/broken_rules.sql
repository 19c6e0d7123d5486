-- Question: which rules do reports break most often?
-- Grain: one row per rule.
select
    rule.label_zh,
    count(*) as judged,
    count(*) filter (where finding.outcome = 'broken') as broken
from finding
join rule using (rule)
group by rule.label_zh
order by broken desc, judged desc
