-- Question: none. Takes all rows from a table that every build writes anew.
-- Grain: a statement.
delete from warehouse.{table}
