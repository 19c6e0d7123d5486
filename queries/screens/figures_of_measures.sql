-- Question: which reports give a number above zero for some measures, and where is it printed?
-- Grain: one row per current report of $bodies from $first to $last and measure of $measures with a figure above zero.

select
    figure.report_id,
    report.body_id,
    body.name as body,
    report.year,
    figure.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.unit,
    figure.value,
    figure.status,
    figure.bound,
    figure.fact_id,
    figure.is_added,
    sum(figure.value) over (partition by figure.measure) as total,
    count(*) over (partition by figure.measure) as positive
from figure
inner join report using (report_id)
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = report.body_id
inner join body using (body_id)
inner join measure using (measure)
where
    figure.is_current
    and report.year between $first and $last
    and list_contains($measures, figure.measure)
    and figure.value > 0
order by report.year desc, figure.value desc, report.body_id, measure.position
