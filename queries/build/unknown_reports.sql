-- Question: which of some reports has no build held before?
-- Grain: one row per report.
select asked.report_id
from (select unnest($ids::text[]) as report_id) as asked
where asked.report_id not in (select report_id from warehouse.report)
    and asked.report_id not in (select report_id from warehouse.past.report)
