-- Question: which one count of items does a report state, in all and for each channel?
-- Grain: one row per report, measure and channel; a count stated twice with two values is left out.
select
    report_id,
    measure,
    channel,
    min(value) as value,
    bool_and(bound = 'exact') as exact,
    min(locator) as locator
from fact
where measure in ('items_disclosed', 'items_by_channel') and value is not null
group by report_id, measure, channel
having count(distinct value) = 1
order by report_id, measure, channel
