-- Question: how do the checks of a year's reports come out, and how did those of the year before?
-- Grain: one row; n counts the current documents of $bodies for $year in which a check could be judged, median their breaks,
-- `previous_` speaks of the year before. A break that is only for information is a note.

with judged as (
    select
        report.year,
        report.report_id,
        count(*) filter (where finding.outcome = 'broken' and finding.severity <> 'info') as broken,
        count(*) filter (where finding.outcome = 'broken' and finding.severity = 'info') as note,
        count(*) filter (where finding.outcome <> 'not_assessable') as assessable,
        count(*) filter (where finding.outcome = 'not_assessable') as not_assessable
    from finding
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        current_report.is_current
        and report.year in ($year, $year - 1)
    group by report.year, report.report_id
)

select
    count(*) filter (where year = $year and assessable > 0) as n,
    count(*) filter (where year = $year and broken > 0) as reports,
    sum(broken) filter (where year = $year)::integer as broken,
    sum(note) filter (where year = $year)::integer as note,
    sum(assessable) filter (where year = $year)::integer as assessable,
    sum(not_assessable) filter (where year = $year)::integer as not_assessable,
    median(broken) filter (where year = $year and assessable > 0) as median,
    count(*) filter (where year < $year and assessable > 0) as previous_n,
    count(*) filter (where year < $year and broken > 0) as previous_reports,
    sum(broken) filter (where year < $year)::integer as previous_broken
from judged
