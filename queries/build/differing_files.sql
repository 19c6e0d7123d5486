-- Question: which files look otherwise than the last build found them, or are new, or gone?
-- Grain: one row per such file; `seen` is the table of the files that are there now.
select
    coalesce(seen.file, known.file) as file,
    known.sha256,
    seen.file is null as is_gone,
    known.declared is distinct from seen.declared as is_declared_otherwise
from seen
full join source_file as known on known.file = seen.file
where seen.file is null
    or known.file is null
    or known.size <> seen.size
    or known.modified <> seen.modified
    or known.declared <> seen.declared
order by file
