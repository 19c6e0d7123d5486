-- Question: which labels of a recognised form could we not settle, or count twice?
-- Grain: one row per issue that is our reading's fault, not the report's.
select
    path,
    message
from issue
where code = 'ambiguous_label'
order by path, message
