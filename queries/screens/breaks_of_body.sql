-- Question: between which years do the counts by channel of one body not plainly join?
-- Grain: one row per pair of neighbouring reports of $body's line of different forms; the mildest channel decides.

select
    series_breaks.from_year,
    series_breaks.to_year,
    series_breaks.joins,
    case when $language = 'en' then series_breaks.note_en else series_breaks.note_zh end as note
from series_breaks
inner join body_place on body_place.lineage = series_breaks.body_id
where
    body_place.body_id = $body
    and series_breaks.measure = 'items_by_channel'
    and series_breaks.channel is null
order by series_breaks.from_year
