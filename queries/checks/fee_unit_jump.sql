-- Question: did the charges jump a thousandfold, as when 元 are written where 万元 are asked?
-- Grain: one row per report whose charges and last year's are both above zero.
with fee as (
    select
        report_id,
        value,
        locator
    from fact
    where measure = 'fee_income' and value > 0
)

select
    report_pair.report_id,
    'T2-UNIT' as rule,
    null as severity,
    case when now.value / before.value between 1000 and 20000 then 'broken' else 'holds' end as outcome,
    'fee_income' as measure,
    null as applicant,
    now.value as found,
    before.value as expected,
    null as detail,
    [now.locator] as places
from report_pair
join fee as now on now.report_id = report_pair.report_id
join fee as before on before.report_id = report_pair.previous_report_id
order by report_pair.report_id
