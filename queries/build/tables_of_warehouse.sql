-- Question: which tables does the warehouse being written have?
-- Grain: one row per table, those of the past left out.
select table_name
from duckdb_tables()
where database_name = 'warehouse' and schema_name = 'main'
order by table_name
