-- Question: what do the rows of a view come to, bundle by bundle?
-- Grain: one row per bundle, added to `digests`.
insert into digests
select bundle, '{view}', count(*)::text || ' ' || bit_xor(hash(kept))::text
from {view} as kept
group by bundle
