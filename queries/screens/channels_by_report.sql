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
    where
        list_contains($bodies, report.body_id)
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
    -- a class counted as a whole and again by its members would be counted twice
    coalesce(
        named.channel = channel.class
        and exists (
            select 1
            from named as member
            inner join channel as kind on kind.channel = member.channel
            where
                member.report_id = named.report_id
                and kind.class = named.channel
                and kind.channel <> kind.class
                and member.value is not null
        ),
        false
    ) as counted_by_members
from named
inner join body using (body_id)
left join channel using (channel)
order by named.year desc, named.body_id, channel.position, named.account
