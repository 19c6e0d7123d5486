-- Question: which rules does a measure enter, by name or as one of a table's rows?
-- Grain: one row per part of a rule whose formula names $measure, or that is asked of every row of its section.

select
    rule_part.rule,
    rule_part.severity,
    rule_part.cause,
    rule_part.kind as rule_kind,
    rule_part.formula,
    case when $language = 'en' then rule_part.label_en else rule_part.label_zh end as label
from rule_part
cross join measure
where
    measure.measure = $measure
    and (
        list_contains(regexp_extract_all(rule_part.formula, '[a-z][a-z_0-9]*'), measure.measure)
        or rule_part.scope = concat('measures of ', measure.section)
    )
order by rule_part.position
