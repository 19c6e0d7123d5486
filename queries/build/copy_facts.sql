-- Question: which figures does a synthesized country take from its lives?
-- Grain: one row per figure of the reports in `copied`, each with an id of its own.
insert into warehouse.fact by name
select original.* replace (
    copied.report_id as report_id,
    left(md5(concat(copied.report_id, original.fact_id)), 16) as fact_id
)
from copied
join lives.fact as original on original.report_id = copied.original_id
order by copied.report_id, original.rowid
