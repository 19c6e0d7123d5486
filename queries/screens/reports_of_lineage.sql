-- Question: which reports did a body owe, and what became of each?
-- Grain: one row per year and body of $body's line of names from $first to $last, the newest first.
-- `is_latest` marks the newest report that is there; `owed` and `held` count over all rows.

with owed as (
    select
        expected_report.body_id,
        body.name as body,
        expected_report.year,
        expected_report.state,
        expected_report.report_id,
        expected_report.published,
        expected_report.publication_limit,
        date_diff('day', expected_report.published, expected_report.publication_limit) as days_before_limit
    from expected_report
    inner join body using (body_id)
    where
        expected_report.lineage = (select lineage from body_place where body_id = $body)
        and expected_report.year between $first and $last
),

read as (
    select
        report_id,
        count(value) as figures,
        count(*) filter (where value is null) as without_value
    from fact
    where report_id in (select report_id from owed)
    group by report_id
),

judged as (
    select
        report_id,
        count(*) filter (where outcome = 'broken' and severity <> 'info') as broken,
        count(*) filter (where outcome in ('holds', 'broken') and severity <> 'info') as assessable
    from finding
    where report_id in (select report_id from owed)
    group by report_id
)

select
    owed.*,
    report.layout,
    coalesce(case when $language = 'en' then layout.label_en else layout.label_zh end, report.layout) as form,
    report.url,
    read.figures,
    read.without_value,
    judged.broken,
    judged.assessable,
    coalesce(owed.report_id = first_value(owed.report_id ignore nulls) over newest, false) as is_latest,
    count(*) filter (where owed.state <> 'not_due') over () as owed,
    count(*) filter (where owed.state in ('on_time', 'late', 'undated', 'unreadable')) over () as held
from owed
left join report using (report_id)
left join layout using (layout)
left join read using (report_id)
left join judged using (report_id)
window
    newest as (
        order by owed.year desc, owed.body_id = $body desc, owed.body_id
        rows between unbounded preceding and unbounded following
    )
order by owed.year desc, owed.body_id = $body desc, owed.body_id
