-- Question: none. Takes from a table what it says of the reports now in memory.
-- Grain: a statement.
delete from warehouse.{table}
where report_id in (select report_id from memory.scope)
