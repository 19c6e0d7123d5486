-- Question: what came in and what became of it, over the reports of $reports that print both sides (column 总计)?
-- Grain: one row per flow; where no report prints both sides, only what came in. The sums repeat on each row.

with printed as (
    select
        fact.report_id,
        fact.measure,
        case when measure.parent in ('refused', 'unavailable', 'unprocessed', 'other_outcome')
            then measure.parent
            else fact.measure
        end as flow,
        fact.value,
        fact.fact_id
    from fact
    inner join (select distinct unnest($reports::text[]) as wanted_id) as wanted
        on wanted.wanted_id = fact.report_id
    inner join measure using (measure)
    where
        measure.section = 'requests'
        and coalesce(fact.applicant, 'total') = 'total'
    qualify row_number() over (
        partition by fact.report_id, fact.measure
        order by fact.applicant is null, fact.status <> 'reported', fact.fact_id
    ) = 1
),

-- A report with an outcome that is not filled in has no second side: its sum would take a blank for zero.
complete as (
    select report_id
    from printed
    group by report_id
    having
        count(value) filter (
            where measure in ('requests_received', 'requests_carried_in', 'requests_closed', 'requests_carried_out')
        ) = 4
        and count(value) = count(*)
        and count(*) > 4
),

tabled as (
    select report_id
    from printed
    group by report_id
    having count(*) filter (
        where measure in ('requests_received', 'requests_carried_in', 'requests_closed', 'requests_carried_out')
    ) = 4
),

summed as (
    select
        flow,
        case when flow in ('requests_received', 'requests_carried_in') then 'came_in' else 'went_out' end as side,
        sum(value) as value,
        count(distinct report_id) as reports,
        case when count(*) = 1 then any_value(fact_id) end as fact_id,
        any_value(report_id) as report_id
    from printed
    where
        measure <> 'requests_closed'
        and case
            when exists (select 1 from complete) then report_id in (select report_id from complete)
            else flow in ('requests_received', 'requests_carried_in')
        end
    group by flow
)

select
    summed.flow,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.unit,
    summed.side,
    summed.value,
    summed.reports,
    summed.fact_id,
    summed.report_id,
    sum(summed.value) filter (where side = 'came_in') over () as came_in,
    sum(summed.value) filter (where side = 'went_out') over () as went_out,
    sum(summed.value) filter (where side = 'came_in') over ()
    - sum(summed.value) filter (where side = 'went_out') over () as residual,
    (select count(*) from complete) as complete,
    (select count(*) from tabled) as with_table,
    len($reports) - (select count(*) from tabled) as without_table,
    (select count(*) from tabled) - (select count(*) from complete) as with_gaps
from summed
inner join measure on measure.measure = summed.flow
order by measure.position
