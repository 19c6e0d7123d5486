-- Question: how did every rule come out on every report?
-- Grain: one row per finding, broken ones first.
select
    finding.rule,
    finding.severity,
    finding.outcome,
    coalesce(body.name, '机构未识别') as body,
    report.year,
    report.path,
    finding.message
from finding
join report using (report_id)
left join body using (body_id)
order by finding.outcome, finding.severity, finding.rule, body.name, report.year, finding.message
