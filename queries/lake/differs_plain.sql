-- Question: how many rows differ between a table of the lake and this writer's?
-- Grain: one row.
select count(*) as differing
from (
    (select columns(name -> list_contains($columns::text[], name)) from warehouse.{schema}.{table}
    except all
    select columns(name -> list_contains($columns::text[], name)) from own.{schema}.{table})
    union all
    (select columns(name -> list_contains($columns::text[], name)) from own.{schema}.{table}
    except all
    select columns(name -> list_contains($columns::text[], name)) from warehouse.{schema}.{table})
)
