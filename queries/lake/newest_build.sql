-- Question: which build is the lake?
-- Grain: one row, none before the first publication.
select build_id, number
from warehouse.main.build
order by number desc
limit 1
