-- Question: does the growth that a text prints agree with last year's report?
-- Grain: one row per claim of growth whose figures stand in both reports.
with compared as (
    select
        claim.*,
        now.locator as stated_at,
        now.least = now.most and before.least = before.most as exact,
        case
            when percent then 100 * (now.value - before.value) / nullif(before.value, 0)
            else now.value - before.value
        end as computed,
        case
            when percent then 100 * (now.least / nullif(before.most, 0) - 1)
            else now.least - before.most
        end as least,
        case
            when percent then 100 * (now.most / nullif(before.least, 0) - 1)
            else now.most - before.least
        end as most,
        -- half of the last digit printed, and a little more for a number rounded twice (144.048, 144.05, 144.1)
        case when percent then 0.55 * pow(10, -digits) else 0 end + 1e-9 as tolerance
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
)

select
    report_id,
    'D-YOY' as rule,
    null as severity,
    case
        when value < least - tolerance or value > most + tolerance then 'broken'
        when exact and computed is not null then 'holds'
        else 'not_assessable'
    end as outcome,
    measure,
    null as applicant,
    value as found,
    computed as expected,
    raw_text as detail,
    [locator, stated_at] as places,
    not exact as loose
from compared
order by report_id, locator
