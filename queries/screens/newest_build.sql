-- Question: which build is this, and how much does it hold?
-- Grain: one row, or none in a warehouse that no build has finished.

select
    build_id,
    built_at,
    catalogue_hash,
    documents,
    reports,
    facts,
    findings,
    issues
from build
order by number desc
limit 1
