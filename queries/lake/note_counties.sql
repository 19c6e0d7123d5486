-- Question: in which counties do whose rows count?
-- Grain: one row per county and writer; what has once been so is kept: findings across reports have a history.
insert into warehouse.lake.county_writer by name
(
    select distinct
        coalesce(concat_ws('|', body.province, body.prefecture, body.county), '') as county,
        report.writer
    from warehouse.main.report
    left join warehouse.main.body using (body_id)
    union
    select concat_ws('|', province, prefecture, county) as county, writer
    from warehouse.main.body
)
except
select county, writer from warehouse.lake.county_writer
