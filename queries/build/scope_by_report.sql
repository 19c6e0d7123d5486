-- Question: which rows of a table belong to the reports that a reader may see?
-- Grain: that of the table.

create table scoped.{schema}.{table} as
select *
from warehouse.{schema}.{table}
where report_id in (select report_id from {reports})
