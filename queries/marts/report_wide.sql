-- Question: what does each report give, as one line of a spreadsheet?
-- Grain: one row per report, one column per measure; an empty cell's reason stands in `not_reported`.
with cell as (
    select
        report.report_id,
        measure.measure,
        figure.value,
        coalesce(figure.status, 'absent') as status
    from report
    cross join measure
    left join figure
        on figure.report_id = report.report_id
        and figure.measure = measure.measure
    where measure.measure not in ('items_by_channel', 'items_by_category')
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
        list(concat(measure, ': ', status) order by measure) filter (where value is null and status <> 'absent')
            as not_reported
    from cell
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
from wide
join report using (report_id)
join reason using (report_id)
order by report.report_id
