-- Question: how many reconsiderations and lawsuits were there, and how did they end, over $bodies from $first to $last?
-- Grain: one row per kind of table four (the undivided lawsuits of before 2019 too) and result; sums with how many reports.

with given as (
    select
        figure.measure,
        figure.report_id,
        figure.value,
        figure.status,
        figure.fact_id,
        coalesce(measure.parent, case when measure.section = 'annex' then 'lawsuit_total' else measure.measure end) as kind,
        measure.position,
        case when $language = 'en' then measure.label_en else measure.label_zh end as label
    from figure
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join measure using (measure)
    where
        figure.is_current
        and report.year between $first and $last
        and not figure.is_added
        and (
            measure.section = 'disputes'
            or measure.measure in ('lawsuit_upheld', 'lawsuit_corrected', 'lawsuit_other', 'lawsuit_total')
        )
)

select
    kind,
    case
        when ends_with(measure, '_upheld') then 'upheld'
        when ends_with(measure, '_corrected') then 'corrected'
        when ends_with(measure, '_other') then 'other'
        when ends_with(measure, '_pending') then 'pending'
        else 'total'
    end as result,
    measure,
    any_value(label) as label,
    count(*) as reports,
    count(value) as n,
    count(*) filter (where value > 0) as positive,
    sum(value) as value,
    case when count(*) = 1 then any_value(report_id)
        when count(*) filter (where value > 0) = 1 then any_value(report_id) filter (where value > 0)
    end as report_id,
    case when count(*) = 1 then any_value(fact_id)
        when count(*) filter (where value > 0) = 1 then any_value(fact_id) filter (where value > 0)
    end as fact_id,
    min(position) as position
from given
group by kind, measure
order by
    list_position(
        ['reconsideration_total', 'lawsuit_direct_total', 'lawsuit_after_reconsideration_total', 'lawsuit_total'], kind
    ),
    position
