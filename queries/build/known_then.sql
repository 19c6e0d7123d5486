-- Question: which rows of a kept table were known at the moment in `known_on`?
-- Grain: a view of the table's name in memory.
create view memory.{table} as
select *
from warehouse.{table}
where known_from <= (select moment from memory.known_on)
union all by name
select * exclude (known_until)
from warehouse.past.{table}
where known_from <= (select moment from memory.known_on)
    and known_until > (select moment from memory.known_on)
