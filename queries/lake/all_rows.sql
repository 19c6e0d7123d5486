-- Question: what does a table hold?
-- Grain: one row per row of the table.
from warehouse.{schema}.{table}
