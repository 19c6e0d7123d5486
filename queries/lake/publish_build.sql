-- Question: none. Records a publication, and the build that the lake now is: made of what each writer published last.
-- Grain: statements.
insert into warehouse.lake.publication by name
select
    (select coalesce(max(number) + 1, 1) from warehouse.lake.publication) as number,
    (select writer from me) as writer,
    build.build_id,
    build.built_at,
    build.version,
    build.catalogue_hash,
    $program as program,
    build.documents,
    $at::timestamp as published_at
from own.main.build as build
order by build.number desc
limit 1;

insert into warehouse.main.build by name
with latest as (
    select *
    from warehouse.lake.publication
    qualify row_number() over (partition by writer order by number desc) = 1
)

select
    (select max(number) from warehouse.lake.publication) as number,
    left(md5(string_agg(latest.writer || ' ' || latest.build_id, ' ' order by latest.writer)), 12) as build_id,
    $at::timestamp as built_at,
    any_value(latest.version) filter (where latest.writer = (select writer from me)) as version,
    any_value(latest.catalogue_hash) filter (where latest.writer = (select writer from me)) as catalogue_hash,
    sum(latest.documents)::integer as documents,
    (select files_read from own.main.build order by number desc limit 1) as files_read,
    (select count(*) from warehouse.main.report) as reports,
    (select count(*) from warehouse.main.fact) as facts,
    (select count(*) from warehouse.main.finding) as findings,
    (select count(*) from warehouse.main.issue) as issues
from latest
