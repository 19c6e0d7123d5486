-- Question: which rows of a table belong to the bundles in `wanted`?
-- Grain: one row per row of the table.
select * exclude (writer, bundle)
from warehouse.{schema}.{table}
where bundle in (select bundle from wanted)
