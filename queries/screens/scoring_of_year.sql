-- Question: by which indicators is a year scored, and how?
-- Grain: one row per indicator of the model of $year.

select
    indicator.model,
    scoring_model.digest,
    scoring_model.least_assessable,
    case when $language = 'en' then scoring_model.label_en else scoring_model.label_zh end as model_label,
    indicator.indicator,
    indicator.block,
    scoring_block.takes_over,
    indicator.weight,
    indicator.formula,
    indicator.effort,
    indicator.source,
    case when $language = 'en' then scoring_block.label_en else scoring_block.label_zh end as block_label,
    case when $language = 'en' then scoring_block.note_en else scoring_block.note_zh end as block_note,
    case when $language = 'en' then indicator.label_en else indicator.label_zh end as label,
    case when $language = 'en' then indicator.rule_en else indicator.rule_zh end as rule,
    case when $language = 'en' then indicator.missing_en else indicator.missing_zh end as missing,
    case when $language = 'en' then indicator.advice_en else indicator.advice_zh end as advice
from indicator
inner join scoring_block using (block)
inner join scoring_model using (model)
where
    $year >= coalesce(scoring_model.first_year, $year)
    and $year <= coalesce(scoring_model.last_year, $year)
order by indicator.position
