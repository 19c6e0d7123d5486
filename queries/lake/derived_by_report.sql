-- Question: what has been computed of the reports of which county?
-- Grain: a view; one row per row of the mart.
create or replace temp view {view} as
select null::text as writer, 'county:' || place.county as bundle, mart.*
from {source}.main.{table} as mart
join (select key, min(county) as county from {source}_place group by key) as place
    on mart.{key} = place.key
