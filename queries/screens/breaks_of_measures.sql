-- Question: before which years did the meaning of some measures change for these bodies, and may a line go on?
-- Grain: one row per measure of $measures and year; the worst of the bodies' own breaks decides.

select
    series_breaks.measure,
    series_breaks.to_year as year,
    ['yes', 'after_adding', 'rough', 'no'][
        max(list_position(['yes', 'after_adding', 'rough', 'no'], series_breaks.joins))
    ] as joins,
    any_value(case when $language = 'en' then series_breaks.note_en else series_breaks.note_zh end) as note
from series_breaks
join body_place on body_place.lineage = series_breaks.body_id
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = body_place.body_id
where
    list_contains($measures, series_breaks.measure)
    and series_breaks.channel is null
    and series_breaks.to_year between $first and $last
group by series_breaks.measure, series_breaks.to_year
order by series_breaks.measure, year
