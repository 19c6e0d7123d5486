-- Question: which rows of a table belong to the bodies that a reader may see?
-- Grain: that of the table.

create table scoped.{schema}.{table} as
select *
from warehouse.{schema}.{table}
where body_id in (select body_id from allowed_body)
