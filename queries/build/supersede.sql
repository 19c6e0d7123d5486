-- Question: what becomes of the rows of a table for the keys in `changed`?
-- Grain: statements. The old rows go to the past with the time they were true until, the fresh ones take their place.
insert into warehouse.past.{table} by name
select *, $at as known_until from warehouse.{table}
where {key} in (from changed) and {which};

delete from warehouse.{table}
where {key} in (from changed) and {which};

insert into warehouse.{table} by name
select * exclude (since), coalesce(since, $at) as known_from from fresh.{table}
where {key} in (from changed);
