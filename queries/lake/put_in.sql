-- Question: none. Puts this writer's changed bundles into a table, or aside where another writer's count.
-- Grain: a statement.
insert into warehouse.{schema}.{table} by name
select * from {view}
where bundle in (select bundle from fresh where {which})
