-- Question: where does a body stand among the bodies of its county and kind in a year?
-- Grain: one row per measure of $measures (and days_before_limit) and body of $body's county and kind that owed a report
-- for $year. `standing` counts from the highest value and is shared by equal ones; `at` runs from 0 (least) to 1.

with peer as (
    select
        expected_report.body_id,
        body.name as body,
        expected_report.report_id,
        expected_report.state,
        case
            -- a page that quotes figures has a day of its own, which is not the report's
            when expected_report.state <> 'figures'
                then date_diff('day', expected_report.published, expected_report.publication_limit)
        end as days_before_limit
    from expected_report
    inner join body using (body_id)
    inner join body_place using (body_id)
    where
        expected_report.year = $year
        and expected_report.state <> 'not_due'
        and body.kind = (select kind from body where body_id = $body)
        and body_place.scope = (select scope from body_place where body_id = $body)
),

given as (
    select
        peer.body_id,
        peer.body,
        peer.report_id,
        measure.measure,
        case when $language = 'en' then measure.label_en else measure.label_zh end as label,
        measure.unit,
        list_position($measures, measure.measure) as position,
        figure.value,
        coalesce(
            figure.status,
            case when peer.state in ('missing', 'unreadable') then peer.state else 'absent' end
        ) as status,
        coalesce(figure.bound, 'exact') as bound,
        figure.fact_id
    from peer
    cross join measure
    left join figure
        on figure.report_id = peer.report_id
        and figure.measure = measure.measure
    where list_contains($measures, measure.measure)
    union all by name
    select
        body_id,
        body,
        report_id,
        'days_before_limit' as measure,
        null as label,
        '天' as unit,
        9999 as position,
        days_before_limit as value,
        case
            when days_before_limit is not null then 'reported'
            when state in ('missing', 'unreadable', 'undated') then state
            else 'absent'
        end as status,
        'exact' as bound,
        null as fact_id
    from peer
),

ranked as (
    select
        *,
        body_id = $body as is_self,
        count(*) over same as due,
        count(value) over same as n,
        median(value) over same as median,
        min(value) over same as least,
        max(value) over same as greatest,
        bool_or(bound <> 'exact' and value is not null) over same as holds_bound,
        case when value is not null then rank() over (partition by measure order by value desc nulls last) end
            as standing,
        case when value is not null then count(*) over (partition by measure, value) end as sharing,
        row_number() over (partition by measure, value order by body_id <> $body, body_id) - 1 as above
    from given
    window same as (partition by measure)
)

select
    *,
    value - median as difference,
    case
        when greatest > least then (value - least) / (greatest - least)
        when value is not null then 0.5
    end as at,
    case when greatest > least then (median - least) / (greatest - least) end as median_at
from ranked
order by position, value desc nulls last, body_id
