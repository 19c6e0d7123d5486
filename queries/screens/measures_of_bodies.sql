-- Question: of which measures do some bodies give a figure?
-- Grain: one row per measure with a value in a report of $bodies from $first to $last.

select
    measure.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    case when $language = 'en' then parent.label_en else parent.label_zh end as parent,
    measure.unit
from measure
left join measure as parent
    on parent.measure = measure.parent
    and parent.measure <> 'requests_closed'
where
    measure.measure in (
        select figure.measure
        from figure
        inner join report using (report_id)
        inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
            on wanted.wanted_id = report.body_id
        where
            report.year between $first and $last
            and figure.is_current
            and figure.value is not null
    )
order by measure.section <> 'disclosure', measure.position
