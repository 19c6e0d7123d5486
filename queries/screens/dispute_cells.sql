-- Question: what stands in each cell of table four of a report?
-- Grain: one row per printed value of section `disputes` in $report; a label is "kind: result" or "种类 结果".

with labelled as (
    select
        fact.fact_id,
        fact.measure,
        fact.value,
        fact.status,
        fact.bound,
        coalesce(measure.parent, measure.measure) as kind,
        measure.position,
        case when $language = 'en' then measure.label_en else measure.label_zh end as label
    from fact
    inner join measure using (measure)
    where fact.report_id = $report and measure.section = 'disputes'
)

select
    kind,
    case
        when $language = 'en' then split_part(label, ': ', 1)
        else regexp_extract(label, '^(.*) ([^ ]+)$', 1)
    end as kind_label,
    case
        when $language = 'en' then split_part(label, ': ', 2)
        else regexp_extract(label, '^(.*) ([^ ]+)$', 2)
    end as result,
    value,
    status,
    bound,
    fact_id,
    sum(value) filter (where measure = kind) over () as disputes,
    count(*) over () as cells,
    count(*) filter (where value = 0) over () as zeros
from labelled
order by position
