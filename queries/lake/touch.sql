-- Question: in which counties does what changes lie?
-- Grain: rows added to `touched`; asked before and after the change, for a body can be moved.
insert into touched
select coalesce(concat_ws('|', body.province, body.prefecture, body.county), '') as county
from (
    select bundle, body_id from warehouse.main.report
    union
    select bundle, body_id from warehouse.past.report
) as held
left join warehouse.main.body using (body_id)
where held.bundle in (select bundle from gone union all select bundle from fresh union all select bundle from risen)
union
select concat_ws('|', province, prefecture, county)
from warehouse.main.body
where bundle in (select bundle from gone union all select bundle from fresh union all select bundle from risen)
union
select substr(bundle, 8) from (select bundle from gone union all select bundle from fresh)
where starts_with(bundle, 'county:')
