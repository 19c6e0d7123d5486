-- Question: which broken findings of a rule does a body's report have?
-- Grain: one row per finding; $measure and $applicant narrow where they are not null.
select
    report.body_id,
    finding.measure,
    finding.applicant,
    finding.message
from finding
join report using (report_id)
join body using (body_id)
where finding.rule = $rule
    and finding.outcome = 'broken'
    and report.year = $year
    and $body in (body.name, body.body_id, body.code, body.county || body.name)
    and ($measure::text is null or finding.measure = $measure)
    and ($applicant::text is null or finding.applicant = $applicant)
order by finding.measure, finding.applicant, finding.message
