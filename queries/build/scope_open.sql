-- Question: what of a table may every reader see? All of it.
-- Grain: that of the table.

create table scoped.{schema}.{table} as
select *
from warehouse.{schema}.{table}
