-- Question: which corrections had been made by the day in `known_on`?
-- Grain: a view of the table's name in memory.
create view memory.{table} as
from warehouse.{table}
where made_on <= getvariable('known_on')::date
