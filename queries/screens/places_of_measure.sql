-- Question: where does each form print a measure?
-- Grain: one row per cell (or row of table three) of a form that prints $measure.

select
    layout_line.layout,
    case when $language = 'en' then layout.label_en else layout.label_zh end as layout_label,
    layout_line.table,
    case when $language = 'en' then channel.label_en else channel.label_zh end as channel,
    layout_line.rows,
    layout_line.columns,
    layout_line.aliases
from layout_line
inner join layout using (layout)
left join channel using (channel)
where layout_line.measure = $measure
order by layout.position, layout_line.position
