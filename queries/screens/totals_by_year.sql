-- Question: how do the counted channels of a year's reports stand to the totals that they state, all reports together?
-- Grain: one row per year from $first to $last in which a current report of $bodies states a total or names a channel.
-- Remainders and overlaps are those of single reports, added up: one report's rest does not make up for another's overlap.

with named as (
    select
        fact.report_id,
        fact.measure,
        fact.value,
        fact.status,
        fact.bound,
        fact.fact_id,
        report.year
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
        sum(named.value) as counted
    from named
    inner join channel_count using (report_id, fact_id)
    where channel_count.apart is null
    group by named.report_id
),

stated as (
    select
        report_id,
        value as total
    from named
    where measure = 'items_disclosed'
    qualify row_number() over (partition by report_id order by status <> 'reported', fact_id) = 1
),

told as (
    select
        reports.report_id,
        reports.year,
        stated.total,
        counted.counted,
        reports.unfilled,
        reports.inexact,
        case when stated.total > counted.counted then stated.total - counted.counted end as remainder,
        case when stated.total < counted.counted then counted.counted - stated.total end as overlap
    from (
        select
            report_id,
            year,
            count(*) filter (where measure = 'items_by_channel' and value is null) as unfilled,
            coalesce(bool_or(bound <> 'exact') filter (where value is not null), false) as inexact
        from named
        group by report_id, year
    ) as reports
    left join stated using (report_id)
    left join counted using (report_id)
),

summed as (
    select
        year,
        count(*) as reports,
        count(counted) as with_channels,
        count(total) as with_total,
        count(*) filter (where total is not null and counted is not null) as with_both,
        sum(counted) as counted,
        sum(counted) filter (where total is not null) as divided,
        sum(total) filter (where counted is not null) as total,
        sum(remainder) as remainder,
        sum(overlap) as overlap,
        count(remainder) as with_remainder,
        count(overlap) as with_overlap,
        sum(total) filter (where counted is null) as undivided,
        count(total) filter (where counted is null) as with_undivided,
        count(*) filter (where unfilled > 0) as with_unfilled,
        bool_or(inexact) as inexact
    from told
    group by year
),

breaks as (
    select
        series_breaks.to_year as year,
        max(list_position(['yes', 'after_adding', 'rough', 'no'], series_breaks.joins)) as worst,
        any_value(case when $language = 'en' then series_breaks.note_en else series_breaks.note_zh end) as note
    from series_breaks
    inner join body_place on body_place.lineage = series_breaks.body_id
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = body_place.body_id
    where
        series_breaks.measure = 'items_by_channel'
        and series_breaks.channel is null
        and series_breaks.from_year = series_breaks.to_year - 1
    group by series_breaks.to_year
)

select
    summed.*,
    list_sum([summed.counted, summed.remainder, summed.undivided]) as length,
    summed.counted - summed.overlap as over_from,
    case when summed.total >= 30 then summed.remainder / summed.total end as remainder_share,
    case when summed.total >= 30 then summed.divided / summed.total end as counted_share,
    case when summed.total >= 30 then (summed.divided - summed.overlap) / summed.total end as over_from_share,
    case when summed.total >= 30 then list_sum([summed.divided, summed.remainder]) / summed.total end as length_share,
    (select unit from measure where measure = 'items_disclosed') as unit,
    -- between neighbouring years of the picture only: a break with a year left out between is no rule between bars
    case when lead(summed.year) over (order by summed.year desc) is not null
        then ['yes', 'after_adding', 'rough', 'no'][breaks.worst]
    end as joins,
    breaks.note
from summed
left join breaks using (year)
order by summed.year desc
