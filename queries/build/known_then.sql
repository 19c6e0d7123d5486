-- Question: which rows of a kept table were known on the day in `known_on`?
-- Grain: a view of the table's name in memory.
create view memory.{table} as
select *
from warehouse.{table}
where known_from <= getvariable('known_on')
union all by name
select * exclude (known_until)
from warehouse.past.{table}
where known_from <= getvariable('known_on')
    and known_until > getvariable('known_on')
