-- Question: what did each file of a batch come to?
-- Grain: one row per document of a file whose name begins with $prefix, and one per file of which nothing came.

with document as (
    select
        substring(file, length($prefix) + 1) as name,
        *
    from report
    where starts_with(file, $prefix)
),

refused as (
    select
        substring(file, length($prefix) + 1) as name,
        string_agg(message, '；') filter (where code <> 'same_document') as reason,
        min(message) filter (where code = 'same_document') as same_as
    from issue
    where starts_with(file, $prefix) and report_id is null
    group by all
)

select
    document.name as path,
    document.report_id,
    document.body_id,
    body.name as body,
    body.county,
    left(body.code, 6) as county_code,
    document.year,
    document.layout,
    document.published::text as published,
    (select count(fact.value) from fact where fact.report_id = document.report_id) as figures,
    (select count(*) from finding where finding.report_id = document.report_id and outcome = 'broken' and severity <> 'info')
        as broken,
    (select count(*) from issue where issue.report_id = document.report_id) as issues,
    null as same_as,
    (
        select min(other.path)
        from report as other
        where
            other.body_id = document.body_id
            and other.year = document.year
            and not starts_with(coalesce(other.file, ''), $prefix)
    ) as earlier,
    null as refused
from document
left join body using (body_id)
union all
select
    name as path,
    null as report_id,
    null as body_id,
    null as body,
    null as county,
    null as county_code,
    null as year,
    null as layout,
    null as published,
    0 as figures,
    0 as broken,
    1 as issues,
    same_as,
    null as earlier,
    reason as refused
from refused
order by path, report_id
