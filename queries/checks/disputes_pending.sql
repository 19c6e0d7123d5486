-- Question: do the reconsiderations pending last year come back in this year's total?
-- Grain: one row per report with a predecessor, both with table four.
select
    report_pair.report_id,
    'T4-PEND' as rule,
    null as severity,
    case
        when now.reconsiderations is null or before.pending is null then 'not_assessable'
        when now.reconsiderations >= before.pending then 'holds'
        else 'broken'
    end as outcome,
    'reconsideration_total' as measure,
    null as applicant,
    now.reconsiderations as found,
    before.pending as expected,
    null as detail,
    case when now.place is null then [] else [now.place] end as places
from report_pair
join dispute_count as now on now.report_id = report_pair.report_id
join dispute_count as before on before.report_id = report_pair.previous_report_id
where report_pair.layout in ('2019', '2021') and report_pair.previous_layout in ('2019', '2021')
order by report_pair.report_id
