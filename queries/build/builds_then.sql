-- Question: which builds had been made by the moment in `known_on`?
-- Grain: a view of the table's name in memory.
create view memory.{table} as
from warehouse.{table}
where built_at <= (select moment from memory.known_on)
