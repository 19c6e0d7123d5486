-- Question: how much does the warehouse hold?
-- Grain: one row.
select
    (select count(*) from warehouse.report) as report,
    (select count(*) from warehouse.fact) as fact,
    (select count(*) from warehouse.finding) as finding,
    (select count(*) from warehouse.issue) as issue
