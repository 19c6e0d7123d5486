-- Question: which corrections are declared and not in force?
-- Grain: one row per correction.
select
    correction_id,
    state,
    body_id,
    year,
    coalesce(measure, rule) as speaks_of
from correction
where state <> 'applied'
    and not exists (
        select 1
        from issue
        join report using (report_id)
        where issue.code = correction.rule
            and report.body_id = correction.body_id
            and report.year = correction.year
    )
order by correction_id
