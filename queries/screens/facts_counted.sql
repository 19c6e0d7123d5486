-- Question: to how many figures of how many reports does a selection come, and with which statuses?
-- Grain: one row per status of the figures selected, or one without a status where there are none; what is said of the
-- whole selection stands in each row.

with chosen as (
    select
        report.report_id,
        report.body_id,
        report.year
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    join current_report using (report_id)
    where
        list_contains($years::integer[], report.year)
        and ($superseded or current_report.is_current)
),

figures as (
    select
        fact.*,
        chosen.body_id
    from fact
    join chosen using (report_id)
    where
        ($measures::text[] is null or list_contains($measures::text[], fact.measure))
        and ($statuses::text[] is null or list_contains($statuses::text[], fact.status))
),

whole as (
    select
        count(*) as all_figures,
        count(distinct report_id) as reports,
        count(distinct body_id) as bodies,
        count(distinct measure) as measures
    from figures
),

by_status as (
    select
        status,
        count(*) as figures
    from figures
    group by status
),

held as (
    select count(*) as all_reports
    from chosen
)

select
    by_status.status,
    by_status.figures,
    whole.*,
    held.all_reports
from whole
cross join held
left join by_status on true
order by by_status.status <> 'reported', by_status.figures desc, by_status.status
