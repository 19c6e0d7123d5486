-- Question: through which channels did each report say it published, and how much through each?
-- Grain: one row per report of $bodies from $first to $last, channel and account, named or counted.

with named as (
    select
        fact.report_id,
        fact.channel,
        fact.account,
        fact.value,
        fact.unit,
        fact.status,
        fact.bound,
        fact.fact_id,
        report.body_id,
        report.year
    from fact
    inner join report using (report_id)
    inner join current_report using (report_id)
    where
        current_report.is_current
        and list_contains($bodies, report.body_id)
        and report.year between $first and $last
        and fact.measure = 'items_by_channel'
)

select
    named.report_id,
    named.body_id,
    body.name as body,
    named.year,
    named.channel,
    coalesce(
        case when $language = 'en' then channel.label_en else channel.label_zh end,
        named.channel,
        ''
    ) as label,
    channel.position,
    named.account,
    named.value,
    named.unit,
    named.status,
    named.bound,
    named.fact_id,
    channel_count.apart is not null as counted_apart
from named
inner join body using (body_id)
left join channel using (channel)
inner join channel_count using (fact_id)
order by named.year desc, named.body_id, channel.position, named.account
