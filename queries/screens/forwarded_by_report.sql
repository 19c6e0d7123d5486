-- Question: what did each report publish of its own, and what did it only forward, where it tells the two apart?
-- Grain: one row per current report of $bodies from $first to $last that states a total or a number of items forwarded.
-- Sums of a year are over the reports that give both exactly once, so that the two can be compared.

with given as (
    select
        report.report_id,
        report.body_id,
        body.name as body,
        report.year,
        own.value as own,
        own.status as own_status,
        own.bound as own_bound,
        own.fact_id as own_fact,
        forwarded.value as forwarded,
        forwarded.status as forwarded_status,
        forwarded.bound as forwarded_bound,
        forwarded.fact_id as forwarded_fact
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    inner join body using (body_id)
    left join figure as own on own.report_id = report.report_id and own.measure = 'items_disclosed'
    left join figure as forwarded on forwarded.report_id = report.report_id and forwarded.measure = 'items_forwarded'
    where
        current_report.is_current
        and report.year between $first and $last
        and (own.status is not null or forwarded.status is not null)
)

select
    *,
    case
        when forwarded is not null then 'apart'
        when forwarded_status is not null then forwarded_status
        else 'undivided'
    end as state,
    count(*) over year as reports,
    count(forwarded) over year as with_forwarded,
    count(*) filter (where own is not null and forwarded is not null) over year as with_both,
    sum(own) filter (where forwarded is not null) over year as year_own,
    sum(forwarded) filter (where own is not null) over year as year_forwarded,
    coalesce(bool_or(own_bound <> 'exact') filter (where own is not null and forwarded is not null) over year, false)
        as own_inexact,
    coalesce(
        bool_or(forwarded_bound <> 'exact') filter (where own is not null and forwarded is not null) over year, false
    ) as forwarded_inexact,
    count(*) over () as all_reports,
    count(forwarded) over () as all_forwarded,
    (select unit from measure where measure = 'items_forwarded') as unit
from given
window year as (partition by year)
order by year desc, body_id
