-- Question: what has each writer published last?
-- Grain: one row per writer.
select *
from warehouse.lake.publication
qualify row_number() over (partition by writer order by number desc) = 1
order by writer
