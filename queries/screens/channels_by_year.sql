-- Question: through which channels was information published year by year, over all reports of a year together?
-- Grain: one row per year from $first to $last and channel that a current report of $bodies gives a count of.
-- `value` is over every report that gives one; `divided` only over those that state a total too, and `share` of those totals.

with chosen as materialized (
    select
        report.report_id,
        report.year
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        report.year between $first and $last
        and current_report.is_current
),

counted as (
    select
        fact.report_id,
        chosen.year,
        fact.channel,
        fact.value,
        fact.bound,
        fact.fact_id
    from chosen
    inner join fact using (report_id)
    inner join channel_count
        on channel_count.report_id = fact.report_id
        and channel_count.fact_id = fact.fact_id
    where
        fact.measure = 'items_by_channel'
        and fact.value is not null
        and channel_count.apart is null
),

stated as (
    select
        fact.report_id,
        fact.value as total
    from fact
    where
        fact.measure = 'items_disclosed'
        and fact.report_id in (select report_id from counted)
    qualify row_number() over (partition by fact.report_id order by fact.status <> 'reported', fact.fact_id) = 1
),

based as (
    select
        counted.year,
        sum(stated.total) as base
    from (select distinct report_id, year from counted) as counted
    inner join stated using (report_id)
    group by counted.year
),

summed as (
    select
        counted.year,
        counted.channel,
        sum(counted.value) as value,
        sum(counted.value) filter (where stated.total is not null) as divided,
        count(distinct counted.report_id) as reports,
        case when bool_and(counted.bound = 'exact') then 'exact' when count(*) = 1 then any_value(counted.bound) else 'about' end
            as bound,
        case when count(*) = 1 then any_value(counted.report_id) end as report_id,
        case when count(*) = 1 then any_value(counted.fact_id) end as fact_id
    from counted
    left join stated using (report_id)
    group by counted.year, counted.channel
)

select
    summed.year,
    summed.channel,
    coalesce(
        case when $language = 'en' then channel.label_en else channel.label_zh end,
        summed.channel,
        ''
    ) as label,
    channel.position,
    summed.value,
    summed.divided,
    summed.bound,
    summed.reports,
    summed.report_id,
    summed.fact_id,
    -- a part of a few is said in numbers, not as a percentage
    case when based.base >= 30 then summed.divided / based.base end as share,
    (select unit from measure where measure = 'items_by_channel') as unit
from summed
left join based using (year)
left join channel using (channel)
order by summed.year desc, channel.position, summed.channel
