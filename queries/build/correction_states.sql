-- Question: what became of each correction?
-- Grain: one row per correction: applied, reopened (its figure or finding is there and reads otherwise), unmatched.
with applied as (
    select correction_id from warehouse.fact where correction_id is not null
    union
    select correction_id from warehouse.finding where correction_id is not null
),

spoken_of as (
    select correction.correction_id
    from warehouse.correction
    join warehouse.report using (body_id, year)
    join warehouse.fact on fact.report_id = report.report_id
        and correction.action = 'override'
        and fact.measure = correction.measure
        and fact.applicant is not distinct from correction.applicant
        and fact.channel is not distinct from correction.channel
        and fact.category is not distinct from correction.category
    union
    select correction.correction_id
    from warehouse.correction
    join warehouse.report using (body_id, year)
    join warehouse.finding on finding.report_id = report.report_id
        and correction.action <> 'override'
        and finding.rule = correction.rule
        and finding.outcome = 'broken'
)

select
    correction_id,
    case
        when correction_id in (select correction_id from applied) then 'applied'
        when correction_id in (select correction_id from spoken_of) then 'reopened'
        else 'unmatched'
    end as state
from warehouse.correction
order by correction_id
