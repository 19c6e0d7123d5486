-- Question: which columns do the tables of the warehouse have?
-- Grain: one row per table of $tables, in that order, with its columns.

select
    table_name,
    count(*) as columns,
    string_agg(column_name, ', ' order by column_index) as names
from duckdb_columns()
where
    list_contains($tables, table_name)
    and schema_name = 'main'
    and not internal
    and database_name = current_database()
group by table_name
order by list_position($tables, table_name)
