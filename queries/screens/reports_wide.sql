-- Question: what does each report of a selection give, as one line of a spreadsheet?
-- Grain: one row per report that counts (or any, with $superseded), one column per measure of the catalogue.
-- `not_reported` and `inexact` say of the measures of $measures why a cell is empty and which number is a bound or rounded; $said are
-- the words of the statuses and bounds in $codes.

with named as (
    select
        measure,
        position,
        case when $names = 'codes' then measure when $language = 'en' then label_en else label_zh end as label
    from measure
),

said as (
    select
        report_id,
        list(concat(named.label, ': ', $said[list_position($codes, figure.status)]) order by position)
            filter (where value is null) as not_reported,
        list(concat(named.label, ': ', $said[list_position($codes, figure.bound)]) order by position)
            filter (where value is not null and bound <> 'exact') as inexact
    from figure
    join named using (measure)
    where $measures::text[] is null or list_contains($measures::text[], measure)
    group by report_id
)

select
    body.name as body,
    body.county,
    body.prefecture,
    body.origin as body_origin,
    report_wide.* exclude (not_reported),
    array_to_string(said.not_reported, '; ') as not_reported,
    array_to_string(said.inexact, '; ') as inexact,
    coalesce(report.url, report.path) as source,
    report.sha256,
    current_report.is_current
from report_wide
join report using (report_id)
join current_report using (report_id)
join body on body.body_id = report.body_id
left join said using (report_id)
where
    ($bodies::text[] is null or list_contains($bodies::text[], report.body_id))
    and ($years::integer[] is null or list_contains($years::integer[], report.year))
    and ($superseded or current_report.is_current)
order by report.year, report.body_id, report.report_id
limit $limit offset $offset
