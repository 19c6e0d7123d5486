-- Question: which corrections and decisions are declared, which are in force, and why were they made?
-- Grain: one row per correction of $bodies from $first to $last; reopened and unmatched ones first.

select
    correction.correction_id,
    correction.action,
    correction.state,
    body.name as body,
    correction.year,
    coalesce(
        case when $language = 'en' then measure.label_en else measure.label_zh end,
        case when $language = 'en' then rule.label_en else rule.label_zh end,
        correction.measure,
        correction.rule
    ) as label,
    coalesce(correction.rule, correction.measure) as code,
    case when $language = 'en' then applicant.label_en else applicant.label_zh end as applicant,
    case when $language = 'en' then channel.label_en else channel.label_zh end as channel,
    correction.category,
    correction.expected,
    correction.value,
    correction.guard,
    correction.reason,
    correction.author,
    correction.made_on,
    count(*) filter (where correction.state = 'applied') over () as applied,
    count(*) filter (where correction.state = 'reopened') over () as reopened,
    count(*) filter (where correction.state = 'unmatched') over () as unmatched,
    (
        select min(fact.report_id)
        from fact
        where fact.correction_id = correction.correction_id
    ) as report_id,
    (
        select min(fact.fact_id)
        from fact
        where fact.correction_id = correction.correction_id
    ) as fact_id
from correction
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = correction.body_id
inner join body using (body_id)
left join measure using (measure)
left join rule on rule.rule = correction.rule
left join applicant using (applicant)
left join channel using (channel)
where correction.year between $first and $last
order by
    list_position(['reopened', 'unmatched', 'applied'], correction.state),
    correction.made_on desc,
    correction.correction_id
