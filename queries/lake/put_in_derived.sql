-- Question: none. Puts what has been computed of the counties in `counties` into a table.
-- Grain: a statement.
insert into warehouse.{schema}.{table} by name
select * from {view}
where bundle in (select 'county:' || county from counties)
