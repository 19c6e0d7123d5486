-- Question: which rows of a kept table does a synthesized country take from its lives?
-- Grain: that of the table, for the reports in `copied`.
insert into warehouse.{table} by name
select original.* replace (copied.report_id as report_id)
from copied
join lives.{table} as original on original.report_id = copied.original_id
order by copied.report_id, original.rowid
