-- Question: which corrections had been made by the moment in `known_on`?
-- Grain: a view of the table's name in memory.
create view memory.{table} as
from warehouse.{table}
where made_on <= (select moment::date from memory.known_on)
