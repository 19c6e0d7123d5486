-- Question: may the figures of a measure be compared from one form to the next?
-- Grain: one row per pair of neighbouring forms, and per channel where channels differ, of $measure.

select
    case when $language = 'en' then before.label_en else before.label_zh end as from_label,
    case when $language = 'en' then behind.label_en else behind.label_zh end as to_label,
    case when $language = 'en' then channel.label_en else channel.label_zh end as channel,
    comparability.joins,
    comparability.terms,
    case when $language = 'en' then comparability.note_en else comparability.note_zh end as note
from comparability
inner join layout as before on before.layout = comparability.from_layout
inner join layout as behind on behind.layout = comparability.to_layout
left join channel on channel.channel = comparability.channel
where comparability.measure = $measure
order by before.position, channel.position nulls first
