-- Question: which bodies are of a county?
-- Grain: one row per body of $county, or per body at all where it is null.
select body_id
from body
where $county::text is null or county = $county::text
order by body_id
