-- Question: how many figures belong to no report?
-- Grain: one row.
select count(*) as orphans
from fact
where report_id not in (select report_id from report)
