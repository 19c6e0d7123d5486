-- Question: what has this writer published?
-- Grain: one row per publication.
select number::integer as number, build_id, built_at, catalogue_hash, program, documents
from warehouse.lake.publication
where writer = (select writer from me)
order by number
