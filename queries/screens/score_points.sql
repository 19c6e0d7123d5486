-- Question: of what is each score made at given weights, beside the mean of the bodies ranked with it?
-- Grain: one row per body of $bodies (of $only, where it is not null) with a readable report for $year, and indicator. `points` add up to the score;
-- `most` is what the indicator could give, `mean` that of its points among the bodies of $ranked. Means add up, medians do
-- not: `remainder` is how far the mean of the scores lies from their median.

with weight as (
    select
        unnest($indicators::text[]) as indicator,
        unnest($weights::double[]) as weight
),

weighed as (
    select
        indicator_value.*,
        weight.weight,
        scoring_block.takes_over,
        indicator.position,
        indicator.block,
        indicator.formula,
        sum(weight.weight * (indicator_value.moot)::integer) over own as moved,
        sum(weight.weight * (scoring_block.takes_over and indicator_value.value is not null)::integer) over own as taking,
        sum(weight.weight * indicator_value.value) filter (where scoring_block.takes_over) over own as taken
    from indicator_value
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = indicator_value.body_id
    inner join weight using (indicator)
    inner join indicator on indicator.model = indicator_value.model and indicator.indicator = indicator_value.indicator
    inner join scoring_block using (block)
    where indicator_value.year = $year
    window own as (partition by indicator_value.report_id)
),

carried as (
    select
        *,
        case
            when value is null then null
            when takes_over and taking > 0 then weight * (1 + moved / taking)
            else weight
        end as own_weight
    from weighed
),

given as (
    select
        *,
        100 * own_weight / nullif(sum(own_weight) over (partition by report_id), 0) as most,
        nullif(sum(own_weight) over (partition by report_id), 0) as total
    from carried
),

pointed as (
    select
        *,
        -- what had nothing to be judged is credited with what its weight earns where it went; what could not be assessed
        -- adds nothing
        case
            when moot and taking > 0 then 100 * weight * taken / taking / total
            when value is null then 0.0
            when total is not null then 100 * weight * value / total
        end as points
    from given
),

summed as (
    select
        *,
        sum(points) over (partition by report_id) as score
    from pointed
),

middled as (
    select
        *,
        avg(points) filter (where list_contains($ranked::text[], body_id)) over (partition by indicator) as mean,
        median(score) filter (where list_contains($ranked::text[], body_id)) over () as middle_score
    from summed
)

select
    body_id,
    report_id,
    indicator,
    block,
    formula,
    value,
    reason,
    moot,
    counted,
    asked,
    places,
    weight,
    most,
    points,
    mean,
    points - mean as difference,
    score,
    middle_score,
    sum(mean) over (partition by report_id) - middle_score as remainder
from middled
where $only::text[] is null or list_contains($only::text[], body_id)
order by body_id, position
