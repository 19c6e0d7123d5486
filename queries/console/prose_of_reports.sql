-- Question: what is the prose of each current report, in reading order?
-- Grain: one row per paragraph.
select
    report_pair.report_id,
    report_pair.previous_report_id,
    body.name,
    body.county,
    report_pair.year,
    passage.text
from report_pair
join report using (report_id)
join body using (body_id)
join passage using (report_id)
where passage.cell_row is null and length(passage.text) > 1
order by report_pair.report_id, passage.block
