-- Question: what does each report give for each measure, as one figure?
-- Grain: one row per report and measure that it states, whole (column 总计, no channel, no category) or in parts.
-- A cell outweighs a sentence, an exact number a rounded one; two values of the same weight are none: ambiguous.
-- What the report's form prints in parts only (a subtotal, a row that an older form splits) is added up from them;
-- with a part missing it has no value: incomplete, or the one status that all its parts have.
-- Groups only: this is the largest mart, and windows over names of reports cost several times as much.
with placed as (
    select
        fact.report_id,
        fact.measure,
        fact.value,
        fact.status,
        fact.bound,
        fact.fact_id,
        fact.locator,
        fact.applicant is null as is_outside,
        regexp_matches(fact.locator, '^b\d+r\d+') as is_in_grid
    from fact
    semi join report using (report_id)
    where (fact.applicant is null or fact.applicant = 'total')
        and fact.channel is null
        and fact.category is null
        and fact.measure not in ('items_by_channel', 'items_by_category')
),

-- from the heaviest, 0, to the lightest: digits of two, the first of which decides
weighed as (
    select
        report_id,
        measure,
        8 * is_outside::utinyint
        + 4 * (not is_in_grid)::utinyint
        + 2 * (value is null)::utinyint
        + (bound <> 'exact')::utinyint as weight,
        min(value) as least,
        max(value) as most,
        min(status) as status,
        min_by(bound, fact_id) as bound,
        min(fact_id) as fact_id,
        min_by(locator, fact_id) as locator,
        bool_or(is_in_grid or not is_outside) as is_cell
    from placed
    group by report_id, measure, weight
),

heaviest as (
    select
        report_id,
        measure,
        arg_min(struct_pack(least, most, status, bound, fact_id, locator, is_cell), weight) as told
    from weighed
    group by report_id, measure
),

stated as (
    select
        report_id,
        measure,
        case when told.least = told.most then told.least end as value,
        case when told.least <> told.most then 'ambiguous' else told.status end as status,
        told.bound,
        told.fact_id,
        told.locator,
        told.is_cell
    from heaviest
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

parts as (
    select
        form,
        measure,
        count(*) as parts
    from part
    group by form, measure
),

added as (
    select
        stated.report_id,
        part.measure,
        case when count(stated.value) = any_value(parts.parts) then sum(stated.value) end as value,
        case
            when count(stated.value) = any_value(parts.parts) then 'reported'
            when count(stated.status) = any_value(parts.parts) and count(distinct stated.status) = 1 then min(stated.status)
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
    from stated
    join report_form using (report_id)
    join part on part.form = report_form.form and part.part = stated.measure
    join parts on parts.form = part.form and parts.measure = part.measure
    group by stated.report_id, part.measure
),

-- a cell, then a sum, then a sentence, then a sum that lacks a part
met as (
    select
        stated as stated,
        added as added,
        stated.report_id is null or coalesce(added.status = 'reported' and not stated.is_cell, false) as is_added,
        coalesce(stated.report_id, added.report_id) as report_id,
        coalesce(stated.measure, added.measure) as measure
    from stated
    full join added
        on added.report_id = stated.report_id
        and added.measure = stated.measure
)

select
    met.report_id,
    met.measure,
    case when met.is_added then met.added.value else met.stated.value end as value,
    case when met.is_added then met.added.status else met.stated.status end as status,
    case when met.is_added then met.added.bound else met.stated.bound end as bound,
    case when met.is_added then met.added.fact_id else met.stated.fact_id end as fact_id,
    case when met.is_added then met.added.locator else met.stated.locator end as locator,
    met.is_added,
    expected_report.report_id is not null as is_current
from met
left join expected_report using (report_id)
order by met.report_id, met.measure
