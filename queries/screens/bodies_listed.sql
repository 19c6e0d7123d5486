-- Question: which bodies are there, and to which county and scope does each belong?
-- Grain: one row per body.

select
    body.body_id,
    body.name,
    body.county,
    body.kind,
    body.origin = 'invented' as invented,
    body_place.scope,
    body_place.is_township
from body
join body_place using (body_id)
order by body.body_id
