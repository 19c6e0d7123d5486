-- Question: which channels and accounts did each body name in which year, with a figure or without, and which not at all?
-- Grain: one row per line of names of $bodies, channel, account and year from $first to $last in which a report speaks of it.
-- A zero or a blank that the form of before 2019 asks for names no account; a public page's figure is no whole report.

with held as (
    select
        report.report_id,
        report.year,
        report.layout,
        body_place.lineage,
        report.origin <> 'published_figure' as is_whole
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    inner join body_place using (body_id)
    where
        current_report.is_current
        and report.year between $first and $last
),

line as (
    select
        lineage,
        count(distinct year) filter (where is_whole) as whole_years,
        min(year) filter (where is_whole) as first_whole,
        max(year) filter (where is_whole) as last_whole,
        (
            select arg_max(body.name, coalesce(body.valid_from, -1))
            from body
            inner join body_place using (body_id)
            where body_place.lineage = held.lineage and body.body_id in (select unnest($bodies::text[]))
        ) as body,
        (
            select arg_max(body.body_id, coalesce(body.valid_from, -1))
            from body
            inner join body_place using (body_id)
            where body_place.lineage = held.lineage and body.body_id in (select unnest($bodies::text[]))
        ) as body_id
    from held
    group by lineage
),

told as (
    select
        held.*,
        fact.channel,
        fact.account,
        fact.value,
        fact.unit,
        fact.bound,
        fact.fact_id,
        null as locator,
        case
            when fact.value > 0 then 'figure'
            when fact.value = 0 then 'zero'
            when fact.status = 'not_printed' then 'named'
            else fact.status
        end as state,
        coalesce(held.layout = 'pre2019' and regexp_matches(fact.locator, '^b\d+r\d+'), false) as is_asked
    from fact
    inner join held using (report_id)
    where fact.measure = 'items_by_channel'
    union all by name
    select
        held.*,
        claim.channel,
        claim.kind as state,
        claim.locator,
        false as is_asked
    from claim
    inner join held using (report_id)
    where claim.kind in ('not_opened', 'closed')
),

kept as (
    select
        *,
        state in ('figure', 'named') or (state = 'zero' and not is_asked) as is_named
    from told
    qualify row_number() over (
        partition by lineage, channel, account, year
        order by
            list_position(
                ['figure', 'closed', 'not_opened', 'zero', 'named', 'blank', 'dash', 'unreadable'], state
            ),
            is_whole desc,
            fact_id
    ) = 1
)

select
    line.body_id,
    line.body,
    kept.lineage,
    kept.channel,
    coalesce(
        case when $language = 'en' then channel.label_en else channel.label_zh end,
        kept.channel,
        ''
    ) as label,
    channel.position,
    kept.account,
    kept.year,
    kept.state,
    kept.value,
    kept.unit,
    kept.bound,
    kept.report_id,
    kept.fact_id,
    kept.locator,
    min(kept.year) filter (where kept.is_named) over account as first_named,
    max(kept.year) filter (where kept.is_named) over account as last_named,
    min(kept.year) filter (where kept.is_named) over channel_line as channel_first,
    max(kept.year) filter (where kept.is_named) over channel_line as channel_last,
    arg_min(kept.report_id, kept.year) filter (where kept.is_named) over account as first_report,
    arg_min(kept.fact_id, kept.year) filter (where kept.is_named) over account as first_fact,
    arg_max(kept.report_id, kept.year) filter (where kept.is_named) over account as last_report,
    arg_max(kept.fact_id, kept.year) filter (where kept.is_named) over account as last_fact,
    count(*) filter (where kept.state = 'figure') over account as with_figure,
    count(*) filter (where kept.state = 'named') over account as without_figure,
    count(*) filter (where kept.state = 'zero') over account as with_zero,
    count(*) filter (where kept.state in ('not_opened', 'closed')) over account as unopened,
    string_agg(kept.year::text, ' ') filter (where kept.state in ('not_opened', 'closed')) over account as unopened_years,
    line.first_whole,
    line.last_whole,
    line.whole_years,
    row_number() over account_years = 1 as is_newest,
    row_number() over (
        partition by kept.lineage, kept.channel, kept.year
        order by
            list_position(
                ['figure', 'closed', 'not_opened', 'zero', 'named', 'blank', 'dash', 'unreadable'], kept.state
            ),
            kept.account nulls last
    ) = 1 as is_first_of_year
from kept
inner join line using (lineage)
left join channel using (channel)
window
    channel_line as (partition by kept.lineage, kept.channel),
    account as (partition by kept.lineage, kept.channel, kept.account),
    account_years as (partition by kept.lineage, kept.channel, kept.account order by kept.year desc)
order by channel.position, kept.channel, line.body_id, kept.account nulls last, kept.year
