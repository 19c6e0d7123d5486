-- Question: what does a table of the lake hold that is the same for all writers?
-- Grain: a view in memory; one row per row of the table.
create view memory.{schema}.{table} as
from warehouse.{schema}.{table}
