-- Question: what do sections one and five of each current report say, paragraph by paragraph?
-- Grain: one row per paragraph, in reading order; null $counties does not narrow.
select
    report_pair.report_id,
    report_pair.previous_report_id,
    body.name,
    body.county,
    report_pair.year,
    passage.section,
    passage.block,
    coalesce(passage.folded, passage.text) as text
from report_pair
join report using (report_id)
join body using (body_id)
join passage using (report_id)
where
    passage.cell_row is null
    and passage.section in ('一', '五')
    and ($counties::text[] is null or list_contains($counties::text[], body.county))
order by report_pair.report_id, passage.block
