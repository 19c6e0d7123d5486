-- Question: none. Remembers what this writer holds now, and what has risen and sunk.
-- Grain: statements.
delete from warehouse.lake.holding
where writer = (select writer from me) and bundle in (select bundle from gone);

insert into warehouse.lake.holding by name
select (select writer from me) as writer, bundle, digest, aside from fresh;

update warehouse.lake.holding set aside = false
where (bundle, writer) in (select (bundle, writer) from risen);

update warehouse.lake.holding set aside = true
where (bundle, writer) in (select (bundle, writer) from sunk);

update warehouse.lake.turn set number = number + 1
