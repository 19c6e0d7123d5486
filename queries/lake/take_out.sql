-- Question: none. Takes this writer's changed bundles out of a table and out of what lies aside of it.
-- Grain: statements.
delete from warehouse.{schema}.{table}
where writer = (select writer from me) and bundle in (select bundle from gone where not aside);

delete from warehouse.aside.{aside}
where writer = (select writer from me) and bundle in (select bundle from gone where aside)
