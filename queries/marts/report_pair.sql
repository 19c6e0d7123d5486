-- Question: which report stands for a body and a year, and which one is its report of the year before?
-- Grain: one row per body, year and current report; a renamed body goes on under its first body's name.
-- A renamed body and its predecessor may both report for the year of the change: one of them stands for the line.
with ranked as (
    select
        report.report_id,
        body_place.lineage,
        report.year,
        report.layout,
        row_number() over (
            partition by body_place.lineage, report.year
            order by report.published desc nulls last, report.report_id
        ) as place
    from report
    join body_place using (body_id)
    join current_report using (report_id)
    where current_report.is_current and report.origin <> 'published_figure' and report.year is not null
)

select
    current.report_id,
    current.lineage,
    current.year,
    current.layout,
    previous.report_id as previous_report_id,
    previous.layout as previous_layout
from ranked as current
left join ranked as previous
    on previous.lineage = current.lineage
    and previous.year = current.year - 1
    and previous.place = 1
where current.place = 1
order by current.lineage, current.year
