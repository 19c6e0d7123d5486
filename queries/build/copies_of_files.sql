-- Question: which files hold documents that these files gave, or now give?
-- Grain: one row per file. Of files with the same document the first counts, so another may have to take its place.
select file
from source_file
where list_has_any(
    same_as,
    (
        select coalesce(list(sha256), [])
        from report
        where list_contains($files::text[], file) and sha256 is not null
    )
)
union
select file
from report
where list_contains($digests::text[], sha256)
order by file
