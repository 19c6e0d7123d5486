-- Question: to which county and to which line of names does a body belong?
-- Grain: one row per body; `scope` is its county, or its prefecture, `lineage` the first body of its line.
with recursive ancestry as (
    select
        body_id,
        body_id as lineage
    from body
    where predecessor is null
    union all
    select
        body.body_id,
        ancestry.lineage
    from body
    join ancestry on body.predecessor = ancestry.body_id
)

select
    body.body_id,
    ancestry.lineage,
    concat_ws(
        '-',
        case when body.origin = 'invented' then 'demo' end,
        coalesce(body.prefecture, body.province),
        body.county
    ) as scope,
    body.kind in ('town', 'township', 'ethnic_township', 'subdistrict') as is_township
from body
join ancestry using (body_id)
order by body.body_id
