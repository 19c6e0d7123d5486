-- Question: none. Takes a table or view of the database in memory away.
-- Grain: a statement.
drop {kind} memory.{table}
