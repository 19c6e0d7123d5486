-- Question: what does a mart say of the reports (or bodies) now in memory?
-- Grain: statements. Their rows go, the newly computed come.
delete from warehouse.{table}
where {key} in (select {key} from memory.{owner});

insert into warehouse.{table} by name
from memory.{table};
