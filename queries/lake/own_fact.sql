-- Question: which figures belong to which report of this writer's?
-- Grain: a view; one row per figure. The names of corrections are made this writer's own.
create or replace temp view {view} as
select
    (select writer from me) as writer,
    report_id as bundle,
    * replace ((select prefix from me) || correction_id as correction_id)
from own.{schema}.{table}
