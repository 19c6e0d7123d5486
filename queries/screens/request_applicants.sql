-- Question: who asked, and what became of their requests, over the reports of $bodies from $first to $last?
-- Grain: one row per applicant column of table three (总计 too) and step: received, carried in, each group of outcomes,
-- closed, carried over. A group of which a report leaves a row unfilled has no value in that report.

with cell as (
    select
        fact.report_id,
        fact.applicant,
        fact.measure,
        case
            when measure.parent in ('refused', 'unavailable', 'unprocessed', 'other_outcome') then measure.parent
            else fact.measure
        end as step,
        case when count(distinct fact.value) = 1 and count(fact.value) = count(*) then min(fact.value) end as value,
        coalesce(bool_or(fact.bound <> 'exact'), false) as inexact,
        min(fact.fact_id) as fact_id
    from fact
    inner join measure using (measure)
    inner join expected_report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    where
        measure.section = 'requests'
        and fact.applicant is not null
        and expected_report.year between $first and $last
    group by fact.report_id, fact.applicant, fact.measure, measure.parent
),

stepped as (
    select
        report_id,
        applicant,
        step,
        case when count(value) = count(*) then sum(value) end as value,
        bool_or(inexact) as inexact,
        case when count(*) = 1 then any_value(fact_id) else arg_max(fact_id, value) end as fact_id
    from cell
    group by report_id, applicant, step
),

summed as (
    select
        applicant,
        step,
        count(*) as reports,
        count(value) as n,
        count(*) filter (where value > 0) as positive,
        sum(value) as value,
        bool_or(inexact) as inexact,
        case when count(*) filter (where value > 0) = 1 then any_value(report_id) filter (where value > 0) end as report_id,
        case when count(*) filter (where value > 0) = 1 then any_value(fact_id) filter (where value > 0) end as fact_id
    from stepped
    group by applicant, step
)

select
    summed.applicant,
    case when $language = 'en' then applicant.label_en else applicant.label_zh end as applicant_label,
    summed.applicant = 'total' as is_total,
    applicant.position as applicant_position,
    summed.step,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.unit,
    measure.position,
    summed.reports,
    summed.n,
    summed.positive,
    summed.value,
    summed.inexact,
    summed.report_id,
    summed.fact_id,
    sum(summed.value) filter (where summed.applicant <> 'total') over (partition by summed.step) as kinds,
    sum(summed.value) filter (where summed.applicant = 'total') over (partition by summed.step) as stated,
    sum(summed.value) filter (
        where summed.step not in ('requests_received', 'requests_carried_in', 'requests_closed')
    ) over (partition by summed.applicant) as went_out,
    max(summed.n) filter (
        where summed.step = 'requests_received' and summed.applicant <> 'total'
    ) over () as with_received,
    case when sum(summed.value) filter (where summed.applicant <> 'total') over (partition by summed.step) >= 30
        then summed.value / sum(summed.value) filter (where summed.applicant <> 'total') over (partition by summed.step)
    end as share
from summed
inner join measure on measure.measure = summed.step
left join applicant using (applicant)
order by applicant.position, measure.position
