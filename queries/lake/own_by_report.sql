-- Question: which rows of a table belong to which report of this writer's?
-- Grain: a view; one row per row of the table.
create or replace temp view {view} as
select (select writer from me) as writer, report_id as bundle, *
from own.{schema}.{table}
