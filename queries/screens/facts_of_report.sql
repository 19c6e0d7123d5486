-- Question: which figures were read from a report, and where do they stand?
-- Grain: one row per printed value of $report.

select
    fact.fact_id,
    fact.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.section,
    case when $language = 'en' then applicant.label_en else applicant.label_zh end as applicant,
    case when $language = 'en' then channel.label_en else channel.label_zh end as channel,
    fact.account,
    fact.category,
    fact.value,
    fact.unit,
    fact.status,
    fact.bound,
    fact.raw_text,
    fact.locator,
    measure.position
from fact
inner join measure using (measure)
left join applicant using (applicant)
left join channel using (channel)
where fact.report_id = $report
order by
    try_cast(regexp_extract(fact.locator, '^b(\d+)', 1) as integer),
    try_cast(regexp_extract(fact.locator, '^b\d+r(\d+)', 1) as integer),
    try_cast(regexp_extract(fact.locator, 'c(\d+)', 1) as integer),
    try_cast(regexp_extract(fact.locator, ':(\d+)-', 1) as integer),
    measure.position,
    fact.fact_id
