-- Question: none. Takes the findings across reports of an earlier build from those in memory, for new ones to come.
-- Grain: a statement.
delete from memory.finding
where coalesce(across, false)
