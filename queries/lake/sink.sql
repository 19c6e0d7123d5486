-- Question: none. Moves what has sunk from a table aside.
-- Grain: statements.
insert into warehouse.aside.{aside} by name
select kept.* from warehouse.{schema}.{table} as kept join sunk using (bundle, writer);

delete from warehouse.{schema}.{table}
where (bundle, writer) in (select (bundle, writer) from sunk)
