-- Question: which bundles of this writer's are new, changed or gone since it published last?
-- Grain: temporary tables. `mine` what there is now, `gone` what is to be taken out, `fresh` what is to be put in;
-- `sunk` what another writer holds only as past and this one as current: theirs goes aside.
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

create or replace temp table current as
select report_id as bundle from own.main.report;

create or replace temp table sunk as
select holding.bundle, holding.writer
from warehouse.lake.holding as holding
where holding.writer <> (select writer from me)
    and not holding.aside
    and holding.bundle in (select bundle from current)
    and holding.bundle in (select bundle from mine left join held using (bundle) where mine.digest is distinct from held.digest)
    and holding.bundle not in (select report_id from warehouse.main.report);

create or replace temp table fresh as
select
    mine.bundle,
    mine.digest,
    not starts_with(mine.bundle, 'county:') and mine.bundle in (
        select bundle from warehouse.lake.holding
        where writer <> (select writer from me)
            and (bundle, writer) not in (select (bundle, writer) from sunk)
            and (not aside or (mine.bundle not in (select bundle from current) and not starts_with(bundle, 'body:')))
    ) as aside
from mine
left join held using (bundle)
where mine.digest is distinct from held.digest;

create or replace temp table touched (county text);
