-- Question: what does each year come to, on how many reports?
-- Grain: one row per year of the invented district (origin tells invented and real apart).
select
    report.year,
    count(figure.value) as n,
    sum(figure.value) as total,
    median(figure.value) as median
from figure
join report using (report_id)
join body using (body_id)
where
    figure.measure = 'items_disclosed'
    and figure.is_current
    and body.origin = 'invented'
group by report.year
order by report.year
