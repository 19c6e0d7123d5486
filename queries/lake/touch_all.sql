-- Question: which counties are there?
-- Grain: rows added to `touched`: a newer version computes all of them again.
insert into touched
select county from warehouse.lake.county_writer
