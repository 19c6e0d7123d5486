-- Question: which findings within one report belong to which report of this writer's?
-- Grain: a view; one row per finding. Those across reports belong to a county, see derived_finding.sql.
create or replace temp view {view} as
select
    (select writer from me) as writer,
    report_id as bundle,
    * replace ((select prefix from me) || correction_id as correction_id)
from own.{schema}.{table}
where not coalesce(across, false)
