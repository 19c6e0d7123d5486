-- Question: for which reasons were requests not granted, over the reports of $bodies from $first to $last?
-- Grain: one row per reason of table three that a report states, as printed or added up from an older form's rows, and
-- one per row of the form of before 2019 that no later row stands for (`group` is annex): these are never added in.

with given as (
    select
        figure.report_id,
        report.year,
        figure.measure,
        figure.value,
        figure.status,
        figure.bound,
        figure.fact_id
    from figure
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    where
        figure.is_current
        and report.year between $first and $last
        -- the one printed row of 2019 is a reason, the sum of three rows of 2021 would count them again
        and not (figure.measure = 'other_outcome' and figure.is_added)
),

joined as (
    select distinct unnest(terms) as measure
    from comparability
    where joins <> 'no'
),

reason as (
    select
        measure.measure,
        case when measure.measure = 'other_outcome' then 'other_outcome' else measure.parent end as "group",
        measure.position
    from measure
    where
        measure.parent in ('refused', 'unavailable', 'unprocessed', 'other_outcome')
        or measure.measure = 'other_outcome'
    union all
    select
        measure.measure,
        'annex' as "group",
        measure.position
    from measure
    where
        starts_with(measure.measure, 'answered_')
        and measure.measure not in (select joined.measure from joined)
),

summed as (
    select
        reason.measure,
        reason."group",
        reason.position,
        count(*) as reports,
        count(given.value) as n,
        count(*) filter (where given.value > 0) as positive,
        sum(given.value) as value,
        coalesce(bool_or(given.bound <> 'exact') filter (where given.value is not null), false) as holds_bound,
        case when count(*) filter (where given.value > 0) = 1
            then any_value(given.report_id) filter (where given.value > 0)
        end as report_id,
        case when count(*) filter (where given.value > 0) = 1
            then any_value(given.fact_id) filter (where given.value > 0)
        end as fact_id
    from reason
    inner join given using (measure)
    group by reason.measure, reason."group", reason.position
),

closed as (
    select
        sum(value) as closed,
        count(value) as closed_reports
    from given
    where measure = 'requests_closed' and report_id in (select report_id from given inner join reason using (measure))
)

select
    summed.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    summed."group",
    case when $language = 'en' then parent.label_en else parent.label_zh end as group_label,
    summed.position,
    measure.unit,
    summed.reports,
    summed.n,
    summed.positive,
    summed.value,
    summed.holds_bound,
    summed.report_id,
    summed.fact_id,
    sum(summed.value) filter (where summed."group" <> 'annex') over () as stated,
    sum(summed.value) filter (where summed."group" = 'annex') over () as stated_annex,
    sum(summed.value) over (partition by summed."group") as group_value,
    closed.closed,
    closed.closed_reports,
    case
        when closed.closed >= 30
            then sum(summed.value) filter (where summed."group" <> 'annex') over () / closed.closed
    end as stated_share
from summed
inner join measure using (measure)
left join measure as parent on parent.measure = summed."group"
cross join closed
order by summed."group" = 'annex', summed.value desc nulls last, summed.position
