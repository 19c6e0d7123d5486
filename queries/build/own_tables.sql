-- Question: which tables and views stand in the database in memory?
-- Grain: one row per table or view.
select 'table' as kind, table_name as name
from duckdb_tables()
where database_name = 'memory' and schema_name = 'main' and not internal
union all
select 'view' as kind, view_name as name
from duckdb_views()
where database_name = 'memory' and schema_name = 'main' and not internal
order by kind, name
