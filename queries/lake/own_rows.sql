-- Question: what did this writer put into a table, aside of it too?
-- Grain: one row per row of the table.
select * exclude (writer, bundle)
from warehouse.{schema}.{table}
where writer = (select writer from me)
union all by name
select * exclude (writer, bundle)
from warehouse.aside.{aside}
where writer = (select writer from me)
union all by name
select * exclude (writer, bundle)
from warehouse.{schema}.{table}
where writer is null and bundle in (
    select 'county:' || county
    from warehouse.lake.county_writer
    group by county
    having bool_and(writer = (select writer from me))
)
