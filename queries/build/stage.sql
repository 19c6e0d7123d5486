-- Question: which table takes the rows just read, before they are compared?
-- Grain: an empty table of a kept table's columns; `since` dates what nobody knew before.
create or replace table fresh.{table} as
select
    * exclude (known_from),
    null::timestamp as since
from warehouse.{table}
limit 0
