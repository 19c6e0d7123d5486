-- Question: are there more disputes than requests closed in this year and the last?
-- Grain: one row per report with a predecessor, both with tables three and four.
with dispute as (
    select
        report_id,
        sum(value) filter (where measure = 'reconsideration_pending') as pending,
        sum(value) filter (where measure = 'reconsideration_total') as reconsiderations,
        sum(value) filter (where measure in ('lawsuit_direct_total', 'lawsuit_after_reconsideration_total')) as lawsuits,
        sum(value) filter (where measure = 'requests_closed' and applicant = 'total') as closed,
        min(locator) filter (where measure = 'reconsideration_total') as place
    from fact
    where bound = 'exact'
    group by report_id
)

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
join dispute as now on now.report_id = report_pair.report_id
join dispute as before on before.report_id = report_pair.previous_report_id
where report_pair.layout in ('2019', '2021') and report_pair.previous_layout in ('2019', '2021')
order by report_pair.report_id
