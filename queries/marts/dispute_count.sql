-- Question: how many disputes and closed requests does a report print?
-- Grain: one row per report with an exact figure; null where a figure is missing.
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
