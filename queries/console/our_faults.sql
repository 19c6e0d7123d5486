-- Question: which labels of a recognised form could we not settle, and which of its rows did we not find?
-- Grain: one row per issue that is our reading's fault, not the report's, unless somebody has accepted it.
select
    issue.path,
    issue.code,
    issue.message
from issue
join report using (report_id)
where issue.code in ('ambiguous_label', 'row_not_found')
    -- how well invented documents are read is measured against their truth
    and report.origin = 'document'
    and not exists (
        select 1
        from correction
        where correction.action = 'accept'
            and correction.rule = issue.code
            and correction.body_id = report.body_id
            and correction.year = report.year
    )
order by issue.path, issue.code, issue.message
