-- Question: none. Takes from a mart the rows of bodies whose county has no report any more.
-- Grain: a statement.
delete from warehouse.{table}
where body_id not in (
    select neighbour.body_id
    from warehouse.body as neighbour
    where concat_ws('|', neighbour.province, neighbour.prefecture, neighbour.county) in (
        select concat_ws('|', body.province, body.prefecture, body.county)
        from warehouse.body as body
        join warehouse.report using (body_id)
    )
)
