-- Question: do the equations that reach back to last year's report hold?
-- Grain: one row per rule part, report with a predecessor, and applicant where the rule is asked by column.
with asked as (
    select
        rule_term.*,
        report_pair.report_id,
        case when years_before = 1 then previous_report_id else report_pair.report_id end as source_id
    from rule_term
    join report_pair
        on previous_report_id is not null
        and list_contains(rule_term.layouts, report_pair.layout)
        and list_contains(rule_term.layouts, report_pair.previous_layout)
),

columns_asked as (
    select 'total' as scope, 'total' as applicant
    union all
    select 'columns', applicant from applicant where applicant <> 'total'
    union all
    select 'report', null
),

valued as (
    select
        asked.report_id,
        asked.rule,
        asked.part,
        asked.severity,
        asked.side,
        asked.measure,
        asked.years_before,
        columns_asked.applicant,
        asked.coefficient * cell.value as value,
        cell.value is not null and cell.bound = 'exact' as known,
        case when asked.years_before = 0 then cell.locator end as place
    from asked
    join columns_asked using (scope)
    left join fact as cell
        on cell.report_id = asked.source_id
        and cell.measure = asked.measure
        and cell.applicant is not distinct from columns_asked.applicant
)

select
    report_id,
    rule,
    severity,
    case
        when not bool_and(known) then 'not_assessable'
        when abs(sum(case when side = 'left' then value else -value end)) < 1e-9 then 'holds'
        else 'broken'
    end as outcome,
    min(measure) filter (where side = 'left') as measure,
    applicant,
    sum(value) filter (where side = 'left') as found,
    sum(value) filter (where side = 'right') as expected,
    null as detail,
    list(place) filter (where place is not null) as places
from valued
group by report_id, rule, part, severity, applicant
order by report_id, rule, part, applicant
