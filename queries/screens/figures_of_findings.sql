-- Question: which figures stand at places that entered a finding?
-- Grain: one row per fact of $reports at one of $places.

select
    fact.report_id,
    fact.locator,
    fact.fact_id,
    fact.value,
    fact.status,
    fact.bound,
    fact.category,
    fact.account,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    case when $language = 'en' then applicant.label_en else applicant.label_zh end as applicant,
    case when $language = 'en' then channel.label_en else channel.label_zh end as channel
from fact
inner join (select distinct unnest($reports::text[]) as wanted_id) as wanted
    on wanted.wanted_id = fact.report_id
inner join measure using (measure)
left join applicant using (applicant)
left join channel using (channel)
where list_contains($places::text[], fact.locator)
order by fact.report_id, measure.position, applicant.position, fact.fact_id
