-- Question: which bodies belong to the counties of the reports in memory?
-- Grain: a table of bodies in memory.
create or replace table memory.body as
select *
from warehouse.body
where concat_ws('|', province, prefecture, county) in (
    select concat_ws('|', province, prefecture, county)
    from warehouse.body
    join memory.report using (body_id)
)
