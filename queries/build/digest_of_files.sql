-- Question: what are the bytes of all documents together?
-- Grain: one row; where the files lie does not matter.
select md5(string_agg(sha256, ' ' order by sha256)) as digest
from warehouse.source_file
