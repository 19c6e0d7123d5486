-- Question: of several documents for one body and year, which one counts?
-- Grain: one row per report. The document published last counts; then the one with more figures, the one that came last.
-- Figures from public pages stand beside a document and are never one of its versions.
with counted as (
    select
        report.report_id,
        report.body_id,
        report.year,
        report.published,
        report.known_from,
        report.origin = 'published_figure' as is_published_figure,
        case
            when report.origin = 'published_figure' or report.body_id is null or report.year is null
                then report.report_id
            else concat_ws('|', report.body_id, report.year)
        end as told_of,
        count(fact.value) as figures
    from report
    left join fact using (report_id)
    group by all
)

select
    report_id,
    row_number() over newest as place,
    count(*) over (partition by told_of) as versions,
    first_value(report_id) over newest as current_report_id,
    row_number() over newest = 1 as is_current
from counted
window
    newest as (
        partition by told_of
        order by published desc nulls last, figures desc, known_from desc nulls last, report_id
    )
order by report_id
