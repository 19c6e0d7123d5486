-- Question: is the total of items disclosed within a factor of three of last year's?
-- Grain: one row per report with a stated total and a report of the year before with one.
with compared as (
    select
        report_pair.report_id,
        now.value as this_year,
        before.value as last_year,
        now.least / nullif(before.most, 0) as least_ratio,
        now.most / nullif(before.least, 0) as most_ratio,
        now.least <> now.most or before.least <> before.most as loose,
        now.locator
    from report_pair
    join stated_count as now
        on now.report_id = report_pair.report_id and now.measure = 'items_disclosed'
    join stated_count as before
        on before.report_id = report_pair.previous_report_id and before.measure = 'items_disclosed'
)

select
    report_id,
    'D-JUMP' as rule,
    null as severity,
    case
        when least_ratio > 3 or most_ratio < 0.33 then 'broken'
        when least_ratio >= 0.33 and most_ratio <= 3 then 'holds'
        else 'not_assessable'
    end as outcome,
    'items_disclosed' as measure,
    null as applicant,
    this_year as found,
    last_year as expected,
    null as detail,
    [locator] as places,
    loose
from compared
order by report_id
