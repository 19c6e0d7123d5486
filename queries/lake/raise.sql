-- Question: none. Moves what has risen from aside into a table.
-- Grain: statements.
insert into warehouse.{schema}.{table} by name
select kept.* from warehouse.aside.{aside} as kept join risen using (bundle, writer);

delete from warehouse.aside.{aside}
where (bundle, writer) in (select (bundle, writer) from risen)
