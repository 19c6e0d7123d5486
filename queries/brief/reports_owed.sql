-- Question: which townships of a county owe a report, and what became of each?
-- Grain: one row per township of $scope and year from $first to $last.

select
    expected_report.year,
    expected_report.body_id,
    body.name as body,
    body.kind,
    expected_report.state,
    expected_report.published,
    expected_report.publication_limit,
    case
        when expected_report.state = 'late'
            then date_diff('day', expected_report.publication_limit, expected_report.published)
    end as days_late,
    expected_report.report_id,
    report.title,
    coalesce(report.url, report.path) as source,
    layout.label_zh as form
from expected_report
inner join body using (body_id)
inner join body_place using (body_id)
left join report using (report_id)
left join layout on layout.layout = report.layout
where
    body_place.scope = $scope
    and body_place.is_township
    and expected_report.year between $first and $last
order by expected_report.year, body.code nulls last, expected_report.body_id
