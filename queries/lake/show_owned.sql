-- Question: what does a table of the lake hold, as the warehouse's table of that name?
-- Grain: a view in memory; one row per row of the table.
create view memory.{schema}.{table} as
select * exclude (writer, bundle)
from warehouse.{schema}.{table}
