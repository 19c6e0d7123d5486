-- Question: between which years of a body's line may no line be drawn, and where only a rough one?
-- Grain: one row per line of names (`body_id` is its first), measure (or channel), and pair of neighbouring reports
-- of different forms that do not plainly join: joins is no, rough or after_adding.
with form as (
    select
        layout as form,
        row_number() over (order by position) as place
    from layout
    where coalesce(first_year, last_year) is not null
),

series as (
    select
        measure,
        null as channel
    from measure
    union
    select
        measure,
        channel
    from comparability
    where channel is not null
),

-- A step that no row decides leads from or to a form that does not ask for the measure: nothing to join there.
step as (
    select
        series.measure,
        series.channel,
        form.place,
        coalesce(own.joins, general.joins, 'no') as joins,
        coalesce(own.note_zh, general.note_zh) as note_zh,
        coalesce(own.note_en, general.note_en) as note_en
    from series
    cross join form
    left join comparability as own
        on own.measure = series.measure
        and own.channel = series.channel
        and own.from_layout = form.form
    left join comparability as general
        on general.measure = series.measure
        and general.channel is null
        and general.from_layout = form.form
),

neighbour as (
    select
        report_pair.lineage,
        report_pair.year as to_year,
        form.place,
        lag(report_pair.year) over line as from_year,
        lag(form.place) over line as previous_place
    from report_pair
    join report using (report_id)
    join report_form using (report_id)
    join form using (form)
    window line as (partition by report_pair.lineage order by report_pair.year)
),

turned as (
    select distinct
        place,
        previous_place
    from neighbour
    where place <> previous_place
),

judged as (
    select
        turned.place,
        turned.previous_place,
        step.measure,
        step.channel,
        max(list_position(['yes', 'after_adding', 'rough', 'no'], step.joins)) as worst,
        string_agg(step.note_zh, '；' order by step.place) filter (where step.note_zh <> '') as note_zh,
        string_agg(step.note_en, '; ' order by step.place) filter (where step.note_en <> '') as note_en
    from turned
    join step
        on step.place >= least(turned.place, turned.previous_place)
        and step.place < greatest(turned.place, turned.previous_place)
    group by turned.place, turned.previous_place, step.measure, step.channel
    having worst > 1
)

select
    neighbour.lineage as body_id,
    judged.measure,
    judged.channel,
    neighbour.from_year,
    neighbour.to_year,
    ['yes', 'after_adding', 'rough', 'no'][judged.worst] as joins,
    judged.note_zh,
    judged.note_en
from neighbour
join judged using (place, previous_place)
order by neighbour.lineage, judged.measure, judged.channel, neighbour.from_year
