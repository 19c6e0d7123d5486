-- Question: which accounts on social media does this year's report name for the first time, and which of last year's no more?
-- Grain: one row per body of $bodies, channel and account that is `new` or `gone` in $year, with the fact that names it;
-- n of due: of the bodies that owe a report, those of which an earlier one (new) or last year's (gone) is held too.
-- An account is a channel and, where printed, its name. A channel named without a name may be any account of it, so it is
-- neither new beside one with a name nor gone. A zero or an empty cell of a form names nothing; a zero in a text does.

with line as (
    select
        expected_report.lineage,
        expected_report.year,
        expected_report.report_id
    from expected_report
    where
        expected_report.lineage in (select lineage from body_place where body_id in (select unnest($bodies::text[])))
        and expected_report.year <= $year
        and expected_report.state in ('on_time', 'late', 'undated')
),

due as (
    select
        expected_report.body_id,
        expected_report.lineage,
        expected_report.report_id,
        exists (select 1 from line where line.report_id = expected_report.report_id) as held,
        exists (
            select 1
            from line
            where line.lineage = expected_report.lineage and line.year < $year
        ) as earlier_held,
        exists (
            select 1
            from line
            where line.lineage = expected_report.lineage and line.year = $year - 1
        ) as previous_held
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    where
        expected_report.year = $year
        and expected_report.state <> 'not_due'
),

named as (
    select
        line.lineage,
        line.year,
        line.report_id,
        fact.channel,
        fact.account,
        min(fact.fact_id) as fact_id,
        bool_or(fact.status = 'not_printed' or fact.value > 0) as in_use
    from line
    inner join fact using (report_id)
    inner join channel using (channel)
    where
        fact.measure = 'items_by_channel'
        and channel.class = 'social'
        and channel.channel <> channel.class
        and (
            fact.status = 'not_printed'
            or fact.value > 0
            or (fact.value is not null and not regexp_matches(fact.locator, '^b\d+r\d+'))
        )
    group by line.lineage, line.year, line.report_id, fact.channel, fact.account
),

-- a channel named with an account and again without one is that account
told as (
    select *
    from named
    where
        in_use
        and (
            account is not null
            or not exists (
                select 1
                from named as fuller
                where
                    fuller.report_id = named.report_id
                    and fuller.channel = named.channel
                    and fuller.account is not null
            )
        )
),

appeared as (
    select
        'new' as change,
        due.body_id,
        told.*
    from due
    inner join told using (report_id)
    where
        due.earlier_held
        and not exists (
            select 1
            from named as earlier
            where
                earlier.lineage = due.lineage
                and earlier.year < $year
                and earlier.channel = told.channel
                and (earlier.account is null or told.account is null or earlier.account = told.account)
        )
),

vanished as (
    select
        'gone' as change,
        due.body_id,
        told.*
    from due
    inner join told
        on told.lineage = due.lineage
        and told.year = $year - 1
    where
        due.held
        and not exists (
            select 1
            from named as now
            where
                now.report_id = due.report_id
                and now.channel = told.channel
                and (now.account is null or told.account is null or now.account = told.account)
        )
),

changed as (
    select * from appeared
    union all by name
    select * from vanished
)

select
    changed.change,
    changed.body_id,
    body.name as body,
    changed.channel,
    case when $language = 'en' then channel.label_en else channel.label_zh end as label,
    changed.account,
    changed.report_id,
    changed.fact_id,
    count(distinct changed.body_id) over (partition by changed.change) as bodies,
    case
        when changed.change = 'new' then (select count(*) from due where held and earlier_held)
        else (select count(*) from due where held and previous_held)
    end as n,
    (select count(*) from due) as due
from changed
inner join body using (body_id)
inner join channel using (channel)
order by changed.change desc, changed.body_id, channel.position, changed.account
