-- Question: how many bodies' reports speak of each channel in the newest year, and how?
-- Grain: one row per channel that a current report of $bodies from $first to $last speaks of; counts are of the reports of $year.
-- A report counts once for a channel, by the most that it says: a figure, then that there is none, then the name. A public
-- page's figures are no whole report: what they leave out says nothing, and they are counted apart (`pages`).

with held as (
    select
        report.report_id,
        report.body_id,
        report.year,
        report.origin <> 'published_figure' as is_whole
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        current_report.is_current
        and report.year between $first and $last
),

told as (
    select
        held.*,
        fact.channel,
        case
            when fact.value > 0 then 'figure'
            when fact.value = 0 then 'zero'
            when fact.status = 'not_printed' then 'named'
            else 'unfilled'
        end as state
    from fact
    inner join held using (report_id)
    where fact.measure = 'items_by_channel'
    union all by name
    select
        held.*,
        claim.channel,
        claim.kind as state
    from claim
    inner join held using (report_id)
    where claim.kind in ('not_opened', 'closed')
),

once as (
    select *
    from told
    qualify row_number() over (
        partition by report_id, channel
        order by list_position(['figure', 'closed', 'not_opened', 'zero', 'named', 'unfilled'], state)
    ) = 1
)

select
    once.channel,
    coalesce(
        case when $language = 'en' then channel.label_en else channel.label_zh end,
        once.channel,
        ''
    ) as label,
    channel.position,
    count(distinct once.body_id) filter (where once.state in ('figure', 'named')) as bodies_ever,
    count(distinct once.body_id) as bodies_told,
    count(*) filter (where once.is_whole and once.year = $year and once.state = 'figure') as figure,
    count(*) filter (where once.is_whole and once.year = $year and once.state = 'zero') as zero,
    count(*) filter (where once.is_whole and once.year = $year and once.state = 'named') as named,
    count(*) filter (where once.is_whole and once.year = $year and once.state = 'not_opened') as not_opened,
    count(*) filter (where once.is_whole and once.year = $year and once.state = 'closed') as closed,
    count(*) filter (where once.is_whole and once.year = $year and once.state = 'unfilled') as unfilled,
    (select count(*) from held where held.is_whole and held.year = $year)
    - count(*) filter (where once.is_whole and once.year = $year) as unnamed,
    (select count(*) from held where held.is_whole and held.year = $year) as reports,
    count(*) filter (where not once.is_whole and once.year = $year) as pages,
    (select count(distinct body_id) from held) as bodies
from once
left join channel using (channel)
group by once.channel, channel.label_zh, channel.label_en, channel.position
order by channel.position, once.channel
