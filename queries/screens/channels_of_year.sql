-- Question: how many channels does a report of a year name, and how many did it the year before?
-- Grain: one row; n counts the reports of $bodies for $year that name a channel, `previous_` speaks of the year before.
-- A class that a number covers as a whole is no channel; a zero or an empty cell of a form names nothing.

with due as (
    select
        year,
        report_id
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = body_id
    where year in ($year, $year - 1) and state <> 'not_due'
),

named as (
    select
        due.year,
        due.report_id,
        count(distinct fact.channel) as channels
    from due
    inner join fact using (report_id)
    inner join channel using (channel)
    where
        fact.measure = 'items_by_channel'
        and channel.channel <> channel.class
        and (fact.status = 'not_printed' or fact.value > 0)
    group by due.year, due.report_id
)

select
    count(*) filter (where year = $year) as n,
    median(channels) filter (where year = $year) as median,
    count(*) filter (where year < $year) as previous_n,
    median(channels) filter (where year < $year) as previous_median,
    min(report_id) filter (where year = $year) as report_id,
    (select count(*) from due where year = $year) as due
from named
