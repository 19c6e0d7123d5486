-- Question: what did the same townships give a year ago?
-- Grain: one row per measure of $measures; only townships of $scope that give the measure both for $year and for the
-- year before, on forms that may be compared. `broken` counts those whose forms may not.

with pair as (
    select
        report_pair.lineage,
        report_pair.report_id,
        report_pair.previous_report_id
    from report_pair
    inner join expected_report using (report_id)
    inner join body_place on body_place.body_id = expected_report.body_id
    where
        body_place.scope = $scope
        and body_place.is_township
        and report_pair.year = $year
        and report_pair.previous_report_id is not null
),

both_years as (
    select
        asked.measure,
        pair.report_id,
        figure.value,
        figure.bound,
        previous.value as previous_value,
        previous.bound as previous_bound,
        coalesce(series_breaks.joins in ('no', 'rough'), false) as is_broken
    from (select unnest($measures::text[]) as measure) as asked
    cross join pair
    inner join figure
        on figure.report_id = pair.report_id
        and figure.measure = asked.measure
    inner join figure as previous
        on previous.report_id = pair.previous_report_id
        and previous.measure = asked.measure
    left join series_breaks
        on series_breaks.body_id = pair.lineage
        and series_breaks.measure = asked.measure
        and series_breaks.channel is null
        and series_breaks.to_year = $year
    where figure.value is not null and previous.value is not null
),

summed as (
    select
        measure,
        count(*) filter (where not is_broken) as bodies,
        count(*) filter (where is_broken) as broken,
        sum(value) filter (where not is_broken) as total,
        sum(previous_value) filter (where not is_broken) as previous_total,
        count(*) filter (where not is_broken and (bound <> 'exact' or previous_bound <> 'exact')) as inexact,
        list(report_id order by report_id) filter (where not is_broken) as reports
    from both_years
    group by measure
)

select
    summed.*,
    summed.total - summed.previous_total as change,
    measure.label_zh as label,
    measure.unit,
    measure.section
from summed
inner join measure using (measure)
order by measure.position
