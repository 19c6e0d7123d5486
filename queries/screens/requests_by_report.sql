-- Question: what came in, what became of it and what was carried over, report by report?
-- Grain: one row per report of $bodies from $first to $last that gives a figure on requests (column 总计).
-- Only the document that counts for its body and year. A group of outcomes of which a row is not filled in has no sum: its status says incomplete.

with printed as (
    select
        figure.report_id,
        figure.measure,
        figure.value,
        figure.status,
        figure.bound,
        figure.fact_id
    from figure
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join measure using (measure)
    where
        figure.is_current
        and report.year between $first and $last
        and measure.section = 'requests'
),

summed as (
    select
        report_id,
        any_value(value) filter (where measure = 'requests_received') as received,
        any_value(value) filter (where measure = 'requests_carried_in') as carried_in,
        any_value(value) filter (where measure = 'granted') as granted,
        any_value(value) filter (where measure = 'granted_in_part') as granted_in_part,
        any_value(value) filter (where measure = 'refused') as refused,
        any_value(value) filter (where measure = 'unavailable') as unavailable,
        any_value(value) filter (where measure = 'unprocessed') as unprocessed,
        any_value(value) filter (where measure = 'other_outcome') as other_outcome,
        any_value(value) filter (where measure = 'requests_closed') as closed,
        any_value(value) filter (where measure = 'requests_carried_out') as carried_out,
        any_value(fact_id) filter (where measure = 'requests_received') as received_fact,
        any_value(fact_id) filter (where measure = 'requests_carried_in') as carried_in_fact,
        any_value(fact_id) filter (where measure = 'granted') as granted_fact,
        any_value(fact_id) filter (where measure = 'granted_in_part') as granted_in_part_fact,
        any_value(fact_id) filter (where measure = 'refused') as refused_fact,
        any_value(fact_id) filter (where measure = 'unavailable') as unavailable_fact,
        any_value(fact_id) filter (where measure = 'unprocessed') as unprocessed_fact,
        any_value(fact_id) filter (where measure = 'other_outcome') as other_outcome_fact,
        any_value(fact_id) filter (where measure = 'requests_closed') as closed_fact,
        any_value(fact_id) filter (where measure = 'requests_carried_out') as carried_out_fact,
        any_value(status) filter (where measure = 'requests_received') as received_status,
        any_value(status) filter (where measure = 'requests_carried_in') as carried_in_status,
        any_value(status) filter (where measure = 'granted') as granted_status,
        any_value(status) filter (where measure = 'granted_in_part') as granted_in_part_status,
        any_value(status) filter (where measure = 'refused') as refused_status,
        any_value(status) filter (where measure = 'unavailable') as unavailable_status,
        any_value(status) filter (where measure = 'unprocessed') as unprocessed_status,
        any_value(status) filter (where measure = 'other_outcome') as other_outcome_status,
        any_value(status) filter (where measure = 'requests_closed') as closed_status,
        any_value(status) filter (where measure = 'requests_carried_out') as carried_out_status,
        any_value(bound) filter (where measure = 'requests_received') as received_bound,
        any_value(bound) filter (where measure = 'requests_carried_in') as carried_in_bound,
        any_value(bound) filter (where measure = 'granted') as granted_bound,
        any_value(bound) filter (where measure = 'granted_in_part') as granted_in_part_bound,
        any_value(bound) filter (where measure = 'refused') as refused_bound,
        any_value(bound) filter (where measure = 'unavailable') as unavailable_bound,
        any_value(bound) filter (where measure = 'unprocessed') as unprocessed_bound,
        any_value(bound) filter (where measure = 'other_outcome') as other_outcome_bound,
        any_value(bound) filter (where measure = 'requests_closed') as closed_bound,
        any_value(bound) filter (where measure = 'requests_carried_out') as carried_out_bound
    from printed
    group by report_id
),

latest as (
    select
        expected_report.year,
        count(*) as expected
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    where
        expected_report.state <> 'not_due'
        and expected_report.year = (select max(year) from report inner join summed using (report_id))
    group by expected_report.year
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
    (select unit from measure where measure = 'requests_received') as unit,
    count(*) over () as reports,
    count(summed.received) over () as with_received,
    count(*) filter (where summed.received = 0) over () as with_zero,
    min(report.year) over () as first_year,
    max(report.year) over () as last_year
from summed
inner join report using (report_id)
inner join body using (body_id)
cross join latest
order by report.year desc, report.body_id, report.sha256 is null
