-- Question: which sets of weights are there for a model?
-- Grain: one row per preset of $model and indicator, in the catalogue's order.

select
    scoring_preset.preset,
    scoring_preset.indicator,
    scoring_preset.weight,
    indicator.block,
    sum(scoring_preset.weight) over (partition by scoring_preset.preset, indicator.block) as block_weight,
    case when $language = 'en' then scoring_preset.label_en else scoring_preset.label_zh end as label,
    case when $language = 'en' then scoring_preset.note_en else scoring_preset.note_zh end as note
from scoring_preset
inner join indicator using (model, indicator)
where scoring_preset.model = $model
order by scoring_preset.position, indicator.position
