-- Question: none. Gives a table that is the same for all writers the rows it has in this writer's file.
-- Grain: statements.
delete from warehouse.{schema}.{table};

insert into warehouse.{schema}.{table} by name
from own.{schema}.{table}
