-- Question: which builds had been made by the day in `known_on`?
-- Grain: a view of the table's name in memory.
create view memory.{table} as
from warehouse.{table}
where built_at <= getvariable('known_on')
