-- Question: what does a table of the lake hold?
-- Grain: a table of a warehouse file.
create table copied.{schema}.{table} as
from memory.{schema}.{table}
