-- Question: what does each body reach on each indicator in some years?
-- Grain: one row per body of $bodies, year from $first to $last with a readable report, and indicator.

select
    indicator_value.body_id,
    indicator_value.year,
    indicator_value.report_id,
    indicator_value.indicator,
    indicator_value.value,
    indicator_value.moot,
    indicator_value.reason,
    indicator_value.counted,
    indicator_value.asked,
    indicator_value.likely,
    indicator_value.unlikely,
    indicator_value.places,
    indicator_value.form,
    scoring_block.takes_over
from indicator_value
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = indicator_value.body_id
inner join indicator using (model, indicator)
inner join scoring_block using (block)
where indicator_value.year between $first and $last
order by indicator_value.year, indicator_value.body_id, indicator.position
