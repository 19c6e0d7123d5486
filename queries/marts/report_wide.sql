-- Question: what does each report give, as one line of a spreadsheet?
-- Grain: one row per report, one column per measure; an empty cell's reason stands in `not_reported`.
with cell as (
    select
        figure.report_id,
        figure.measure,
        figure.value,
        figure.status
    from figure
    semi join measure using (measure)
    where figure.measure not in ('items_by_channel', 'items_by_category')
),

wide as (
    -- named from the catalogue, so that a build without a report makes the same columns
    pivot (select report_id, measure, value from cell)
    on measure in (
        select measure
        from measure
        where measure not in ('items_by_channel', 'items_by_category')
    )
    using first(value)
    group by report_id
),

reason as (
    select
        report_id,
        list(concat(measure, ': ', status) order by measure) as not_reported
    from cell
    where value is null
    group by report_id
)

select
    report.report_id,
    report.body_id,
    report.year,
    report.published,
    report.layout,
    report.origin,
    wide.* exclude (report_id),
    reason.not_reported
from report
left join wide using (report_id)
left join reason using (report_id)
order by report.report_id
