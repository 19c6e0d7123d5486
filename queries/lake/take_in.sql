-- Question: none. Takes rows that have come from a lake into a warehouse file.
-- Grain: a statement.
insert into warehouse.{schema}.{table} by name
from coming
