-- Question: what does a table hold that is the same for all reports?
-- Grain: a view of the table's name in memory.
create or replace view memory.{table} as
from warehouse.{table}
