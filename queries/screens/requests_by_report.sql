-- Question: what came in, what became of it and what was carried over, report by report?
-- Grain: one row per report of $bodies from $first to $last that prints a figure on requests (column 总计).

with printed as (
    select
        fact.report_id,
        fact.measure,
        case when measure.parent in ('refused', 'unavailable', 'unprocessed', 'other_outcome')
            then measure.parent
            else fact.measure
        end as flow,
        fact.value,
        fact.status,
        fact.bound,
        fact.fact_id
    from fact
    inner join report using (report_id)
    inner join measure using (measure)
    where
        list_contains($bodies, report.body_id)
        and report.year between $first and $last
        and measure.section = 'requests'
        and coalesce(fact.applicant, 'total') = 'total'
    qualify row_number() over (
        partition by fact.report_id, fact.measure
        order by fact.applicant is null, fact.status <> 'reported', fact.fact_id
    ) = 1
),

summed as (
    select
        report_id,
        sum(value) filter (where flow = 'requests_received') as received,
        sum(value) filter (where flow = 'requests_carried_in') as carried_in,
        sum(value) filter (where flow = 'granted') as granted,
        sum(value) filter (where flow = 'granted_in_part') as granted_in_part,
        sum(value) filter (where flow = 'refused') as refused,
        sum(value) filter (where flow = 'unavailable') as unavailable,
        sum(value) filter (where flow = 'unprocessed') as unprocessed,
        sum(value) filter (where flow = 'other_outcome') as other_outcome,
        sum(value) filter (where flow = 'requests_closed') as closed,
        sum(value) filter (where flow = 'requests_carried_out') as carried_out,
        any_value(fact_id) filter (where flow = 'requests_received') as received_fact,
        any_value(fact_id) filter (where flow = 'requests_carried_in') as carried_in_fact,
        any_value(fact_id) filter (where flow = 'requests_closed') as closed_fact,
        any_value(fact_id) filter (where flow = 'requests_carried_out') as carried_out_fact,
        any_value(status) filter (where flow = 'requests_received') as received_status,
        any_value(status) filter (where flow = 'requests_carried_in') as carried_in_status,
        any_value(status) filter (where flow = 'requests_closed') as closed_status,
        any_value(status) filter (where flow = 'requests_carried_out') as carried_out_status,
        any_value(bound) filter (where flow = 'requests_received') as received_bound,
        count(*) as cells,
        count(*) filter (where value is null) as unreported
    from printed
    group by report_id
),

latest as (
    select
        newest.year,
        count(*) as expected
    from (select max(year) as year from report inner join summed using (report_id)) as newest
    inner join body
        on
            list_contains($bodies, body.body_id)
            and coalesce(newest.year >= body.valid_from, true)
            and coalesce(newest.year <= body.valid_to, true)
    group by newest.year
)

select
    report.report_id,
    report.body_id,
    body.name as body,
    report.year,
    report.sha256 is null as is_published_figure,
    summed.* exclude (report_id),
    summed.received + summed.carried_in as came_in,
    summed.closed + summed.carried_out as went_out,
    summed.received + summed.carried_in - summed.closed - summed.carried_out as residual,
    latest.year as latest,
    latest.expected,
    (select unit from measure where measure = 'requests_received') as unit
from summed
inner join report using (report_id)
inner join body using (body_id)
cross join latest
order by report.year desc, report.body_id, report.sha256 is null
