-- Question: how alike are sections of a report to last year's and to the likest neighbour's?
-- Grain: one row per compared section of $report and what it was compared with, the likest first.

select
    similarity.section,
    similarity.against,
    round(100 * similarity.share) as percent,
    len(similarity.places) as copied,
    similarity.other_report_id,
    coalesce(body.name, '') as other_body,
    other.year as other_year
from similarity
inner join report as other on other.report_id = similarity.other_report_id
left join body using (body_id)
where similarity.report_id = $report
order by similarity.section, similarity.against
