-- Question: which report is this, and what was found in it?
-- Grain: one row, or none.

select
    report.report_id,
    report.year,
    report.published,
    report.publication_limit,
    report.title,
    report.index_number,
    report.layout,
    report.path,
    report.file,
    report.media_type,
    report.url,
    report.sha256,
    coalesce(body.name, '') as body,
    body.county,
    body.prefecture,
    coalesce(body.origin = 'invented', false) as invented,
    (select count(*) from fact where fact.report_id = report.report_id) as figures,
    (select count(*) from issue where issue.report_id = report.report_id) as issues,
    (
        select count(*)
        from finding
        where
            finding.report_id = report.report_id
            and finding.outcome = 'broken'
            and finding.severity <> 'info'
    ) as broken,
    (
        select count(*)
        from finding
        where finding.report_id = report.report_id and finding.outcome = 'holds'
    ) as holds
from report
left join body using (body_id)
where report.report_id = $report
