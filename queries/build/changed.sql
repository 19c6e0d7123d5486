-- Question: which reports (or files) have rows in a table that differ from those just read?
-- Grain: one row per key. {table}, {key} and {which} are names of ours, put in by pipeline/draft.py.
create or replace temp table changed as
select distinct {key} from (
    (
        select * exclude (known_from) from warehouse.{table}
        where {key} in (from asked_{key}) and {which}
        except all
        select * exclude (since) from fresh.{table}
    )
    union all
    (
        select * exclude (since) from fresh.{table}
        except all
        select * exclude (known_from) from warehouse.{table}
        where {key} in (from asked_{key}) and {which}
    )
)
