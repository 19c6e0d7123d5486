-- Question: which rows of a kept table belong to the reports in `scope`?
-- Grain: a table of the kept table's name in memory, for marts and checks to run over.
create or replace table memory.{table} as
select kept.*
from warehouse.{table} as kept
join memory.scope using (report_id)
