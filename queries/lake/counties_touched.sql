-- Question: which counties are to be computed again, and does more than one writer have rows there?
-- Grain: one row per county.
select
    touched.county,
    count(distinct county_writer.writer) filter (
        where county_writer.writer <> (select writer from me)
    ) > 0 as shared
from (select distinct county from touched) as touched
left join warehouse.lake.county_writer using (county)
group by touched.county
order by touched.county
