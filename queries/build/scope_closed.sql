-- Question: what are the columns of a table of which a reader of some counties sees no row?
-- Grain: that of the table.

create table scoped.{schema}.{table} as
select *
from warehouse.{schema}.{table}
where false
