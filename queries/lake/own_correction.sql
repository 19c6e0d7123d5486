-- Question: which corrections has this writer declared?
-- Grain: a view; one row per correction. Their names are made this writer's own: everybody's first is c0001.
create or replace temp view {view} as
select
    (select writer from me) as writer,
    'correction:' || (select prefix from me) || correction_id as bundle,
    * replace ((select prefix from me) || correction_id as correction_id)
from own.{schema}.{table}
