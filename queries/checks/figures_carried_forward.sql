-- Question: do three or more figures stand exactly as they stood last year? One and two do so by chance.
-- Grain: one row per report with a predecessor and three figures to compare.
with figure as (
    select
        fact.report_id,
        fact.measure,
        coalesce(fact.channel, '') as channel,
        min(fact.value) as value,
        min(fact.locator) as locator
    from fact
    join measure using (measure)
    where fact.value is not null
        and fact.bound = 'exact'
        and (fact.applicant is null or fact.applicant = 'total')
        and fact.measure <> 'items_by_category'
        and measure.kind <> 'stock'
    group by fact.report_id, fact.measure, coalesce(fact.channel, '')
    having count(distinct fact.value) = 1
),

compared as (
    select
        report_pair.report_id,
        count(*) as compared,
        count(*) filter (where now.value = before.value) as same,
        list(now.locator order by now.measure) filter (where now.value = before.value) as places
    from report_pair
    join figure as now on now.report_id = report_pair.report_id
    join figure as before
        on before.report_id = report_pair.previous_report_id
        and before.measure = now.measure
        and before.channel = now.channel
    where now.value > 2 and before.value > 2
    group by report_pair.report_id
)

select
    report_id,
    'D-SAME' as rule,
    null as severity,
    case when compared < 3 then 'not_assessable' when same >= 3 then 'broken' else 'holds' end as outcome,
    null as measure,
    null as applicant,
    cast(same as double) as found,
    cast(compared as double) as expected,
    null as detail,
    places
from compared
order by report_id
