-- Question: none. Gives corrections back the names that they have with their writer.
-- Grain: a statement.
update warehouse.{schema}.{table}
set correction_id = substr(correction_id, length($prefix) + 1)
where starts_with(correction_id, $prefix)
