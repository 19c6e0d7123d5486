-- Question: what stands in each cell of table three of a report?
-- Grain: one row per printed value of section `requests` in $report that stands under an applicant.

select
    fact.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    case when $language = 'en' then parent.label_en else parent.label_zh end as parent,
    coalesce(measure.parent = 'requests_closed', false) as parent_is_total,
    measure.position,
    fact.applicant,
    case when $language = 'en' then applicant.label_en else applicant.label_zh end as applicant_label,
    fact.value,
    fact.status,
    fact.bound,
    fact.raw_text,
    fact.fact_id,
    count(*) over () as cells,
    count(*) filter (where fact.value = 0) over () as zeros,
    count(*) filter (where fact.value is null) over () as unreported
from fact
inner join measure using (measure)
left join measure as parent on parent.measure = measure.parent
left join applicant using (applicant)
where
    fact.report_id = $report
    and measure.section = 'requests'
    and fact.applicant is not null
order by measure.position, applicant.position
