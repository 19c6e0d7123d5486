-- Question: which measures belong to the sections of a page?
-- Grain: one row per measure of $sections.

select measure
from measure
where list_contains($sections, section)
order by position
