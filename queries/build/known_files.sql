-- Question: what did the last build find in the folders of documents?
-- Grain: one row per file, with the hashes of the documents read from it.
select
    source_file.file,
    source_file.size,
    source_file.modified,
    source_file.sha256,
    source_file.declared,
    source_file.same_as,
    list(report.sha256) filter (where report.sha256 is not null) as documents
from source_file
left join report using (file)
group by all
