-- Question: which counts does a section of the catalogue hold, and how many reports give each?
-- Grain: one row per measure of $section that counts something, whole; figures of $bodies from $first to $last.

with given as (
    select figure.measure
    from figure
    inner join expected_report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    where
        figure.value is not null
        and expected_report.year between $first and $last
)

select
    measure.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.unit,
    count(given.measure) as figures
from measure
left join given using (measure)
where
    measure.section = $section
    and measure.unit not in ('元', '万元')
    and measure.measure not in ('items_by_channel', 'items_by_category')
group by all
order by any_value(measure.position)
