-- Question: every printed value of a selection, with its status and its source.
-- Grain: one row per printed value; a null $bodies, $years, $measures or $reports does not narrow the selection.

select
    body.body_id,
    coalesce(body.name, '') as body,
    body.county,
    body.prefecture,
    body.origin,
    report.year,
    report.published,
    fact.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
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
    coalesce(report.url, report.path) as source,
    report.sha256,
    fact.report_id,
    fact.fact_id,
    fact.printed_value,
    fact.printed_status,
    fact.correction_id,
    correction.reason as correction_reason,
    fact.known_from
from fact
inner join report using (report_id)
inner join measure using (measure)
inner join current_report using (report_id)
left join body using (body_id)
left join applicant using (applicant)
left join channel using (channel)
left join correction using (correction_id)
where
    -- of several documents for a year one counts; a report asked for by its own id is given whatever it is
    ($reports::text[] is not null or current_report.is_current)
    and (
        $bodies::text[] is null
        or list_contains($bodies::text[], report.body_id)
        or list_contains($bodies::text[], body.name)
    )
    and ($years::integer[] is null or list_contains($years::integer[], report.year))
    and ($measures::text[] is null or list_contains($measures::text[], fact.measure))
    and ($reports::text[] is null or list_contains($reports::text[], fact.report_id))
order by
    report.year,
    report.body_id,
    fact.report_id,
    measure.position,
    applicant.position,
    channel.position,
    fact.fact_id
