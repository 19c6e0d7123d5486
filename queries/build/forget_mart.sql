-- Question: none. Takes from a mart the rows of reports (or bodies) that the warehouse no longer holds.
-- Grain: a statement.
delete from warehouse.{table}
where {key} not in (select {key} from warehouse.{owner})
