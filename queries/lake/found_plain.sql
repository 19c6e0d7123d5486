-- Question: none. Makes a table of the lake that is the same for all writers.
-- Grain: a statement.
create table warehouse.{schema}.{table} as
from own.{schema}.{table}
limit 0
