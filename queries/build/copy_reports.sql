-- Question: which reports does each body of a synthesized country have? Those of the life that it takes.
-- Grain: statements; `copied` keeps one row per report of the bodies now being copied.
create or replace temp table copied as
with taken as (
    select
        unnest($bodies::text[]) as body_id,
        unnest($lives::text[]) as life,
        unnest($last_years::integer[]) as last_year
)

select
    taken.body_id,
    original.report_id as original_id,
    concat(taken.body_id, substr(original.report_id, 6)) as report_id
from taken
join lives.report as original on original.body_id = taken.life and original.year <= taken.last_year
order by report_id;

insert into warehouse.report by name
select original.* replace (
    copied.report_id as report_id,
    copied.body_id as body_id,
    sha256(copied.report_id) as sha256,
    concat(copied.report_id, '.txt') as path,
    concat(body.name, original.year, '年', original.title) as title
)
from copied
join lives.report as original on original.report_id = copied.original_id
join warehouse.body as body on body.body_id = copied.body_id
order by report_id
