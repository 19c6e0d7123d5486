-- Question: does the growth that a text prints agree with last year's report?
-- Grain: one row per claim of growth whose figures stand in both reports.
with compared as (
    select
        claim.*,
        now.value as this_year,
        before.value as last_year,
        case
            when percent then 100 * (now.value - before.value) / nullif(before.value, 0)
            else now.value - before.value
        end as computed,
        now.locator as stated_at
    from claim
    join report_pair using (report_id)
    join stated_count as now
        on now.report_id = claim.report_id
        and now.measure = claim.measure
        and now.channel is not distinct from claim.channel
    join stated_count as before
        on before.report_id = report_pair.previous_report_id
        and before.measure = claim.measure
        and before.channel is not distinct from claim.channel
    where claim.kind = 'growth'
        and now.exact and before.exact
)

select
    report_id,
    'D-YOY' as rule,
    null as severity,
    case
        when computed is null then 'not_assessable'
        when abs(computed - value) <= case when percent then 0.5 * pow(10, -digits) else 0 end + 1e-9 then 'holds'
        else 'broken'
    end as outcome,
    measure,
    null as applicant,
    value as found,
    computed as expected,
    raw_text as detail,
    [locator, stated_at] as places
from compared
order by report_id, locator
