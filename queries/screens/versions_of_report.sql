-- Question: which other documents are there for the body and year of a report, and which one counts?
-- Grain: one row per document of the same body and year, $report among them; the one that counts first.
select
    report.report_id,
    report.path,
    report.media_type,
    report.published,
    report.known_from,
    current_report.is_current,
    report.report_id = $report as is_shown,
    (select count(fact.value) from fact where fact.report_id = report.report_id) as figures
from current_report as shown
join current_report on current_report.current_report_id = shown.current_report_id
join report on report.report_id = current_report.report_id
where shown.report_id = $report and shown.versions > 1
order by current_report.place
