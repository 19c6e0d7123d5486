-- Question: which columns does a mart have?
-- Grain: an empty table in the warehouse.
create table warehouse.{table} as
from memory.{table}
limit 0
