-- Question: none. Records in a file that was fetched what its writer has published. No version stands there: the next
-- build reads every document again, and keeps the rows that say the same.
-- Grain: a statement.
insert into warehouse.build by name
select
    number,
    build_id,
    built_at,
    '' as version,
    catalogue_hash,
    documents,
    documents as files_read,
    (select count(*) from warehouse.report) as reports,
    (select count(*) from warehouse.fact) as facts,
    (select count(*) from warehouse.finding) as findings,
    (select count(*) from warehouse.issue) as issues
from coming
order by number
