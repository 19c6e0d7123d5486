-- Question: none. Puts this writer's changed bundles into a table, or aside where another writer's count.
-- Grain: statements.
insert into warehouse.{schema}.{table} by name
select * from {view}
where bundle in (select bundle from fresh where not aside);

insert into warehouse.aside.{aside} by name
select * from {view}
where bundle in (select bundle from fresh where aside)
