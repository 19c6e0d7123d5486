-- Question: which columns has each table of a database?
-- Grain: one row per column.
select schema_name, table_name, column_name, data_type
from duckdb_columns()
where database_name = $catalog and not internal
order by schema_name, table_name, column_index
