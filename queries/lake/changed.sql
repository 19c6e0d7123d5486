-- Question: which bundles of this writer's are new, changed or gone since it published last?
-- Grain: temporary tables. `mine` what there is now, `gone` what is to be taken out, `fresh` what is to be put in.
create or replace temp table mine as
select bundle, md5(string_agg(view_name || ' ' || digest, ' ' order by view_name)) as digest
from digests
group by bundle;

create or replace temp table held as
select bundle, digest, aside
from warehouse.lake.holding
where writer = (select writer from me);

create or replace temp table gone as
select held.bundle, held.aside
from held
left join mine using (bundle)
where mine.digest is distinct from held.digest;

create or replace temp table fresh as
select
    mine.bundle,
    mine.digest,
    not starts_with(mine.bundle, 'county:') and mine.bundle in (
        select bundle from warehouse.lake.holding where writer <> (select writer from me) and not aside
    ) as aside
from mine
left join held using (bundle)
where mine.digest is distinct from held.digest;

create or replace temp table touched (county text);
