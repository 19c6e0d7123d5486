-- Question: how many reports were checked, how many of their breaks are decided, how many issues of our reading are open?
-- Grain: one row for the current documents of $bodies from $first to $last.

with checked as (
    select
        report.report_id,
        exists (select 1 from finding where finding.report_id = report.report_id) as has_finding
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        current_report.is_current
        and report.sha256 is not null
        and report.year between $first and $last
)

select
    count(*) as reports,
    count(*) filter (where has_finding) as checked,
    (
        select count(*)
        from issue
        inner join checked using (report_id)
    ) as issues,
    (
        select count(distinct issue.report_id)
        from issue
        inner join checked using (report_id)
    ) as reports_with_issue,
    (
        select count(*)
        from finding
        inner join checked using (report_id)
        where finding.outcome = 'broken' and finding.severity <> 'info' and finding.decision is not null
    ) as decided
from checked
