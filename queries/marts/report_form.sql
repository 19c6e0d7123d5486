-- Question: by which national form is a report to be read?
-- Grain: one row per report; one without tables counts as of the form of its year.
select
    report.report_id,
    coalesce(printed.layout, dated.layout) as form
from report
left join layout as printed
    on printed.layout = report.layout
    and coalesce(printed.first_year, printed.last_year) is not null
left join layout as dated
    on report.year between coalesce(dated.first_year, report.year) and coalesce(dated.last_year, report.year)
    and coalesce(dated.first_year, dated.last_year) is not null
order by report.report_id
