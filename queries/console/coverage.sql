-- Question: of the files in the folders of documents, how many became a report of a known body and year?
-- Grain: one row. A file that holds the same document as another counts as read.
select
    count(*) as files,
    count(*) filter (
        where len(source_file.same_as) > 0
            or exists (
                select 1
                from report
                where report.file = source_file.file
                    and report.body_id is not null
                    and report.year is not null
            )
    ) as read
from source_file
