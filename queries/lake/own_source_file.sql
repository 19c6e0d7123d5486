-- Question: which files has this writer?
-- Grain: a view; one row per file.
create or replace temp view {view} as
select (select writer from me) as writer, 'file:' || (select prefix from me) || file as bundle, *
from own.{schema}.{table}
