-- Question: what is known of a body itself, and under which names did it report before and after?
-- Grain: one row per body of $body's line of names, the earliest first; `is_self` marks $body.

select
    body.body_id,
    body.name,
    body.kind,
    body.code,
    coalesce(body.county, body.prefecture, body.province) as place,
    body.prefecture,
    body.valid_from,
    body.valid_to,
    body.body_id = $body as is_self
from body
inner join body_place using (body_id)
where body_place.lineage = (select lineage from body_place where body_id = $body)
order by coalesce(body.valid_from, -1), body.body_id
