-- Question: none. Makes a table of the lake after one of a warehouse file; `bundle` names what its rows belong to.
-- Grain: a statement.
create table warehouse.{schema}.{table} as
select null::text as writer, null::text as bundle, *
from own.{like_schema}.{like}
limit 0
