-- Question: which rows of a table are about two reports that a reader may both see?
-- Grain: that of the table.

create table scoped.{schema}.{table} as
select *
from warehouse.{schema}.{table}
where
    report_id in (select report_id from {reports})
    and other_report_id in (select report_id from {reports})
