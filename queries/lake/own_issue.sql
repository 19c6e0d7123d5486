-- Question: which issues belong to which report of this writer's, or to which file that gave none?
-- Grain: a view; one row per issue.
create or replace temp view {view} as
select
    (select writer from me) as writer,
    coalesce(report_id, 'file:' || (select prefix from me) || coalesce(file, path)) as bundle,
    *
from own.{schema}.{table}
