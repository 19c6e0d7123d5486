-- Question: every printed value of a selection, with its status and its source.
-- Grain: one row per printed value; a null $bodies, $years, $measures, $statuses or $reports does not narrow the selection.
-- $superseded says whether documents that a later one has replaced are in it.

with wanted as (
    select report.*
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    union all
    select *
    from report
    where $bodies::text[] is null
),

chosen as (
    select
        report.*,
        current_report.is_current
    from wanted as report
    join current_report using (report_id)
    where
        ($years::integer[] is null or list_contains($years::integer[], report.year))
        and ($reports::text[] is null or list_contains($reports::text[], report.report_id))
        -- of several documents for a year one counts; a report asked for by its own id is given whatever it is
        and ($superseded or $reports::text[] is not null or current_report.is_current)
)

select
    body.body_id,
    coalesce(body.name, '') as body,
    body.county,
    body.prefecture,
    body.origin,
    chosen.year,
    chosen.published,
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
    coalesce(chosen.url, chosen.path) as source,
    chosen.sha256,
    fact.report_id,
    fact.fact_id,
    fact.printed_value,
    fact.printed_status,
    fact.correction_id,
    correction.reason as correction_reason,
    fact.known_from,
    chosen.is_current
from fact
inner join chosen using (report_id)
inner join measure using (measure)
left join body using (body_id)
left join applicant using (applicant)
left join channel using (channel)
left join correction using (correction_id)
where
    ($measures::text[] is null or list_contains($measures::text[], fact.measure))
    and ($statuses::text[] is null or list_contains($statuses::text[], fact.status))
order by
    chosen.year,
    chosen.body_id,
    fact.report_id,
    measure.position,
    applicant.position,
    channel.position,
    fact.fact_id
limit $limit offset $offset
