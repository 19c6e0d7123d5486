-- Question: of which channels does a report say that they are not opened, or closed?
-- Grain: one row per current report of $bodies from $first to $last and such a channel.

select
    claim.report_id,
    claim.channel,
    coalesce(
        case when $language = 'en' then channel.label_en else channel.label_zh end,
        claim.channel,
        ''
    ) as label,
    channel.position,
    claim.kind,
    claim.locator
from claim
inner join report using (report_id)
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = report.body_id
inner join current_report using (report_id)
left join channel using (channel)
where
    claim.kind in ('not_opened', 'closed')
    and current_report.is_current
    and report.year between $first and $last
order by report.year desc, report.body_id, channel.position
