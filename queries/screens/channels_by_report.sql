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
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        current_report.is_current
        and report.year between $first and $last
        and fact.measure = 'items_by_channel'
),

stated as (
    select
        report_id,
        value as total
    from fact
    where measure = 'items_disclosed' and report_id in (select report_id from named)
    qualify row_number() over (partition by report_id order by status <> 'reported', fact_id) = 1
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
    channel_count.apart is not null as counted_apart,
    -- a part of a few is said in numbers, not as a percentage
    case when stated.total >= 30 then named.value / stated.total end as share
from named
inner join body using (body_id)
left join channel using (channel)
inner join channel_count using (report_id, fact_id)
left join stated on stated.report_id = named.report_id
order by named.year desc, named.body_id, channel.position, named.account
