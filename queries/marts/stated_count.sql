-- Question: which count of items does a report state, in all and for each channel, and how surely?
-- Grain: one row per report, measure and channel; a count stated twice or loosely spans all it may be.
select
    report_id,
    measure,
    channel,
    arg_min(value, locator) as value,
    min(least) as least,
    max(most) as most,
    min(locator) as locator
from fact
where measure in ('items_disclosed', 'items_by_channel') and value is not null
group by report_id, measure, channel
order by report_id, measure, channel
