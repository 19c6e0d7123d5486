-- Question: which build do papers speak of, and from which catalogue?
-- Grain: one row, or none in a warehouse that no build has finished.

select
    build_id,
    built_at,
    catalogue_hash
from build
order by number desc
limit 1
