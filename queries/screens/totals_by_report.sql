-- Question: how do the counted channels of each report stand to its stated total?
-- Grain: one row per report of $bodies from $first to $last that states a total or names a channel.

with named as (
    select
        fact.report_id,
        fact.measure,
        fact.channel,
        fact.account,
        fact.value,
        fact.status,
        fact.bound,
        fact.fact_id
    from fact
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        current_report.is_current
        and report.year between $first and $last
        and fact.measure in ('items_disclosed', 'items_by_channel')
),

counted as (
    select
        named.report_id,
        sum(named.value) as counted,
        bool_or(named.bound <> 'exact' and named.value is not null) as inexact
    from named
    inner join channel_count using (report_id, fact_id)
    where channel_count.apart is null
    group by named.report_id
),

unfilled as (
    select
        report_id,
        count(*) as unfilled
    from named
    where measure = 'items_by_channel' and value is null
    group by report_id
),

stated as (
    select *
    from named
    where measure = 'items_disclosed'
    qualify row_number() over (partition by report_id order by status <> 'reported', fact_id) = 1
)

select
    report.report_id,
    report.body_id,
    body.name as body,
    report.year,
    report.sha256 is null as is_published_figure,
    stated.value as total,
    (select unit from measure where measure = 'items_disclosed') as unit,
    stated.status as total_status,
    stated.bound as total_bound,
    stated.fact_id as total_fact,
    counted.counted,
    coalesce(counted.inexact, false) as inexact,
    -- greatest() passes over nulls: a difference to a total that is not there must stay missing
    case
        when stated.value >= counted.counted then stated.value - counted.counted
        when stated.value < counted.counted then 0
    end as remainder,
    case
        when counted.counted >= stated.value then counted.counted - stated.value
        when counted.counted < stated.value then 0
    end as overlap,
    greatest(stated.value, counted.counted) as length,
    case when stated.value >= 30 and stated.value > counted.counted
        then (stated.value - counted.counted) / stated.value
    end as remainder_share,
    case when stated.value >= 30 and counted.counted > stated.value
        then (counted.counted - stated.value) / stated.value
    end as overlap_share,
    case when stated.value >= 30 and counted.counted is not null
        then greatest(stated.value, counted.counted) / stated.value
    end as length_share,
    count(*) filter (where stated.value > counted.counted) over () as with_remainder,
    count(*) filter (where stated.value < counted.counted) over () as with_overlap,
    count(*) filter (where unfilled.unfilled > 0) over () as with_unfilled,
    count(*) over () as reports,
    count(counted.counted) over () as with_channels,
    count(distinct report.body_id) over () as bodies
from report
inner join body using (body_id)
left join stated using (report_id)
left join counted using (report_id)
left join unfilled using (report_id)
where
    report.report_id in (select report_id from named)
order by report.year desc, report.body_id
