-- Question: how do bodies score at given weights, and who stands where among its kind and among all?
-- Grain: one row per body of $bodies that is ranked at all, and year from $first to $last in which it owed a report and a
-- model was in force. `list` is ranked, or why it is not; ties share a place. $weights stand beside $indicators.

with weight as (
    select
        unnest($indicators::text[]) as indicator,
        unnest($weights::double[]) as weight
),

owed as (
    select
        expected_report.body_id,
        expected_report.year,
        expected_report.lineage,
        expected_report.report_id,
        expected_report.state,
        expected_report.published,
        body.name as body,
        body.kind,
        body.county,
        peer_group.peer_group,
        peer_group.position as group_position,
        case when $language = 'en' then peer_group.label_en else peer_group.label_zh end as group_label,
        body_place.scope,
        scoring_model.model,
        scoring_model.digest,
        scoring_model.least_assessable
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    inner join body using (body_id)
    inner join body_place using (body_id)
    inner join peer_group using (kind)
    inner join scoring_model
        on expected_report.year >= coalesce(scoring_model.first_year, expected_report.year)
        and expected_report.year <= coalesce(scoring_model.last_year, expected_report.year)
    where expected_report.year between $first and $last
),

weighed as (
    select
        indicator_value.report_id,
        indicator_value.value,
        indicator_value.form,
        weight.weight,
        scoring_block.takes_over,
        case
            when indicator_value.value is null and not indicator_value.moot
                then case when $language = 'en' then indicator.label_en else indicator.label_zh end
        end as lacking,
        indicator.position,
        sum(weight.weight) over own as whole,
        sum(weight.weight * (indicator_value.moot)::integer) over own as moved,
        sum(weight.weight * (scoring_block.takes_over and indicator_value.value is not null)::integer) over own as taking
    from indicator_value
    inner join owed using (report_id)
    inner join weight using (indicator)
    inner join indicator on indicator.model = indicator_value.model and indicator.indicator = indicator_value.indicator
    inner join scoring_block using (block)
    window own as (partition by indicator_value.report_id)
),

-- what had nothing to be judged gives its weight to the blocks that take it over, in proportion
carried as (
    select
        *,
        case when takes_over and taking > 0 then weight * (1 + moved / taking) else weight end as own_weight
    from weighed
),

scored as (
    select
        report_id,
        any_value(form) as form,
        100 * sum(own_weight * value) / nullif(sum(own_weight) filter (where value is not null), 0) as score,
        100 * sum(own_weight) filter (where value is not null) / nullif(any_value(whole), 0) as assessable,
        list(lacking order by position) filter (where lacking is not null and weight > 0) as lacking
    from carried
    group by report_id
),

listed as (
    select
        owed.*,
        scored.form,
        scored.score,
        scored.assessable,
        scored.lacking,
        case
            when owed.state not in ('on_time', 'late', 'undated') then owed.state
            when scored.score is not null and scored.assessable >= owed.least_assessable - 1e-9 then 'ranked'
            else 'insufficient'
        end as list
    from owed
    left join scored using (report_id)
)

select
    *,
    case
        when list = 'ranked'
            then rank() over (partition by year, peer_group, list order by round(score, 9) desc nulls last)
    end as place,
    case when list = 'ranked' then rank() over (partition by year, list order by round(score, 9) desc nulls last) end
        as place_of_all,
    case when list = 'ranked' then count(*) over (partition by year, peer_group, list) end as ranked,
    case when list = 'ranked' then count(*) over (partition by year, list) end as ranked_of_all
from listed
order by year, list <> 'ranked', round(score, 9) desc nulls last, body_id
