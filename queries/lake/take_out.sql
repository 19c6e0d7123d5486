-- Question: none. Takes this writer's changed bundles out of a table.
-- Grain: a statement.
delete from warehouse.{schema}.{table}
where writer = (select writer from me) and bundle in (select bundle from gone where {which})
