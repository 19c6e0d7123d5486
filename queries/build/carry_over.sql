-- Question: what does another warehouse's table hold in the columns that both have?
-- Grain: a statement; the rows are taken over.
insert into warehouse.{schema}.{table} by name
select columns(name -> list_contains($columns::text[], name))
from old.{schema}.{table}
