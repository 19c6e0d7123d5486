-- Question: which measures are there, what do they mean, and where does the form print them?
-- Grain: one row per measure of the catalogue, in its order.

select
    measure.measure,
    measure.section,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    case when $language = 'en' then parent.label_en else parent.label_zh end as parent,
    measure.label_zh,
    measure.label_en,
    measure.unit,
    measure.kind,
    array_to_string(measure.layouts, ' ') as layouts,
    measure.printed_at,
    measure.note
from measure
left join measure as parent on parent.measure = measure.parent
order by measure.position
