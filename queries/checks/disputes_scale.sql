-- Question: are there more disputes than requests closed in this year and the last?
-- Grain: one row per report with a predecessor, both with tables three and four.
select
    report_pair.report_id,
    'T4-SCALE' as rule,
    null as severity,
    case
        when now.reconsiderations + now.lawsuits + now.closed + before.closed is null then 'not_assessable'
        when now.reconsiderations + now.lawsuits > now.closed + before.closed then 'broken'
        else 'holds'
    end as outcome,
    'reconsideration_total' as measure,
    null as applicant,
    now.reconsiderations + now.lawsuits as found,
    now.closed + before.closed as expected,
    null as detail,
    case when now.place is null then [] else [now.place] end as places
from report_pair
join dispute_count as now on now.report_id = report_pair.report_id
join dispute_count as before on before.report_id = report_pair.previous_report_id
where report_pair.layout in ('2019', '2021') and report_pair.previous_layout in ('2019', '2021')
order by report_pair.report_id
