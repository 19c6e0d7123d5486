-- Question: in which figures do two documents of one body and year differ?
-- Grain: one row per measure and breakdown that $one and $other print differently, or that only one of them prints.
with told as (
    select
        *,
        -- one key for the breakdown, so that missing parts compare as equal
        concat_ws('|', measure, coalesce(applicant, '-'), coalesce(channel, '-'), coalesce(category, '-')) as key
    from fact
    where report_id in ($one, $other)
    qualify row_number() over (partition by report_id, key order by value is null, fact_id) = 1
),

compared as (
    select
        key,
        any_value(measure) as measure,
        any_value(applicant) as applicant,
        any_value(channel) as channel,
        any_value(category) as category,
        max(printed_value) filter (where report_id = $one) as value,
        max(printed_status) filter (where report_id = $one) as status,
        max(bound) filter (where report_id = $one) as bound,
        max(fact_id) filter (where report_id = $one) as fact_id,
        max(printed_value) filter (where report_id = $other) as other_value,
        max(printed_status) filter (where report_id = $other) as other_status,
        max(bound) filter (where report_id = $other) as other_bound,
        max(fact_id) filter (where report_id = $other) as other_fact_id
    from told
    group by key
)

select
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    case when $language = 'en' then applicant.label_en else applicant.label_zh end as applicant,
    case when $language = 'en' then channel.label_en else channel.label_zh end as channel,
    cast(null as text) as account,
    compared.category,
    compared.value,
    compared.status,
    compared.bound,
    compared.fact_id,
    compared.other_value,
    compared.other_status,
    compared.other_bound,
    compared.other_fact_id
from compared
join measure on measure.measure = compared.measure
left join applicant on applicant.applicant = compared.applicant
left join channel on channel.channel = compared.channel
where compared.value is distinct from compared.other_value
    or compared.status is distinct from compared.other_status
order by measure.position, applicant.position, channel.position, compared.category
