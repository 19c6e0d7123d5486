-- Question: what does this writer declare of which body?
-- Grain: a view; one row per row of the table.
create or replace temp view {view} as
select (select writer from me) as writer, 'body:' || body_id as bundle, *
from own.{schema}.{table}
