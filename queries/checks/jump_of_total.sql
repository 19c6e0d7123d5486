-- Question: is the total of items disclosed within a factor of three of last year's?
-- Grain: one row per report with a stated total and a report of the year before with one.
with compared as (
    select
        report_pair.report_id,
        now.value as this_year,
        before.value as last_year,
        -- 余, 约 and 以上 leave a tenth of doubt.
        case when now.exact and before.exact then 0 else 0.1 end as doubt,
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
        when last_year = 0 then 'not_assessable'
        when this_year / last_year between 0.33 * (1 + doubt) and 3 * (1 - doubt) then 'holds'
        when this_year / last_year between 0.33 * (1 - doubt) and 3 * (1 + doubt) then 'not_assessable'
        else 'broken'
    end as outcome,
    'items_disclosed' as measure,
    null as applicant,
    this_year as found,
    last_year as expected,
    null as detail,
    [locator] as places
from compared
order by report_id
