-- Question: what does each report give for each measure, as one figure?
-- Grain: one row per report and measure that it states, whole (column 总计, no channel, no category) or in parts.
-- A cell outweighs a sentence, an exact number a rounded one; two values of the same weight are none: ambiguous.
-- What the report's form prints in parts only (a subtotal, a row that an older form splits) is added up from them;
-- with a part missing it has no value: incomplete, or the one status that all its parts have.
with weighed as (
    select
        fact.report_id,
        fact.measure,
        fact.value,
        fact.status,
        fact.bound,
        fact.fact_id,
        fact.locator,
        fact.applicant is not null or regexp_matches(fact.locator, '^b\d+r\d+') as is_cell
    from fact
    join report using (report_id)
    where (fact.applicant is null or fact.applicant = 'total')
        and fact.channel is null
        and fact.category is null
        and fact.measure not in ('items_by_channel', 'items_by_category')
    qualify rank() over (
        partition by fact.report_id, fact.measure
        order by
            fact.applicant is null,
            not regexp_matches(fact.locator, '^b\d+r\d+'),
            fact.value is null,
            fact.bound <> 'exact'
    ) = 1
),

stated as (
    select
        report_id,
        measure,
        case when count(distinct value) = 1 then min(value) end as value,
        case when count(distinct value) > 1 then 'ambiguous' else min(status) end as status,
        min_by(bound, fact_id) as bound,
        min(fact_id) as fact_id,
        min_by(locator, fact_id) as locator,
        bool_or(is_cell) as is_cell
    from weighed
    group by report_id, measure
),

part as (
    select
        parent.measure,
        unnest(child.layouts) as form,
        child.measure as part
    from measure as child
    join measure as parent on parent.measure = child.parent
    where parent.kind = 'subtotal'
    union
    select
        comparability.measure,
        form,
        unnest(comparability.terms) as part
    from comparability
    join measure using (measure)
    cross join unnest([comparability.from_layout, comparability.to_layout]) as printed (form)
    where comparability.joins <> 'no'
        and comparability.channel is null
        and not list_contains(measure.layouts, form)
),

added as (
    select
        report_form.report_id,
        part.measure,
        case when count(stated.value) = count(*) then sum(stated.value) end as value,
        case
            when count(stated.value) = count(*) then 'reported'
            when count(stated.status) = count(*) and count(distinct stated.status) = 1 then min(stated.status)
            else 'incomplete'
        end as status,
        case
            when bool_and(stated.bound = 'exact') then 'exact'
            when count(distinct stated.bound) filter (where stated.bound <> 'exact') = 1
                then min(stated.bound) filter (where stated.bound <> 'exact')
            else 'about'
        end as bound,
        min_by(stated.fact_id, part.part) as fact_id,
        min_by(stated.locator, part.part) as locator
    from report
    join report_form using (report_id)
    join part using (form)
    left join stated
        on stated.report_id = report_form.report_id
        and stated.measure = part.part
    group by report_form.report_id, part.measure
    having count(stated.status) > 0
),

both_ways as (
    select
        *,
        false as is_added,
        case when is_cell then 1 else 3 end as weight
    from stated
    union all by name
    select
        *,
        true as is_added,
        case when status = 'reported' then 2 else 4 end as weight
    from added
)

select
    both_ways.report_id,
    both_ways.measure,
    both_ways.value,
    both_ways.status,
    both_ways.bound,
    both_ways.fact_id,
    both_ways.locator,
    both_ways.is_added,
    expected_report.report_id is not null as is_current
from both_ways
left join expected_report using (report_id)
qualify row_number() over (partition by both_ways.report_id, both_ways.measure order by both_ways.weight) = 1
order by both_ways.report_id, both_ways.measure
