-- Question: what does each township of a county give for each measure in a year, and in which words?
-- Grain: one row per township of $scope with a report of $year and measure that any of them states.

with held as (
    select
        expected_report.body_id,
        expected_report.report_id
    from expected_report
    inner join body_place using (body_id)
    where
        body_place.scope = $scope
        and body_place.is_township
        and expected_report.year = $year
        and expected_report.report_id is not null
),

asked as (
    select distinct figure.measure
    from held
    inner join figure using (report_id)
    where figure.measure not in ('items_by_channel', 'items_by_category')
),

raw as (
    select
        report_id,
        fact_id,
        any_value(raw_text) as raw_text
    from fact
    semi join held using (report_id)
    group by report_id, fact_id
)

select
    held.body_id,
    held.report_id,
    measure.measure,
    measure.label_zh as label,
    measure.section,
    measure.unit,
    figure.value,
    figure.status,
    figure.bound,
    figure.is_added,
    figure.locator,
    raw.raw_text
from held
cross join asked
inner join measure using (measure)
left join figure
    on figure.report_id = held.report_id
    and figure.measure = measure.measure
left join raw
    on raw.report_id = held.report_id
    and raw.fact_id = figure.fact_id
order by measure.position, held.body_id
