-- Question: none. Takes what was computed of the counties in `counties` out of a table.
-- Grain: a statement.
delete from warehouse.{schema}.{table}
where writer is null and bundle in (select 'county:' || county from counties)
