-- Question: which paragraphs of a report stand almost word for word in last year's report or a neighbour's?
-- Grain: one row per compared section of $report with such paragraphs; paragraphs and their places run side by side.

select
    similarity.section,
    similarity.against,
    similarity.share,
    similarity.places,
    similarity.other_places,
    similarity.other_report_id,
    coalesce(body.name, '') as other_body,
    other.year as other_year
from similarity
inner join report as other on other.report_id = similarity.other_report_id
left join body using (body_id)
where similarity.report_id = $report and len(similarity.places) > 0
order by similarity.against, similarity.section
