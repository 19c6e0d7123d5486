-- Question: which bundles lay aside and count now, because the writer whose copy counted has taken it out?
-- Grain: one row per bundle in the temporary table `risen`.
create or replace temp table risen as
select bundle, min(writer) as writer
from warehouse.lake.holding
where aside
    and bundle in (select bundle from gone where not aside)
    and bundle not in (select bundle from fresh where not aside)
group by bundle
