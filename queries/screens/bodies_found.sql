-- Question: which bodies bear these words in their name or in the name of their county?
-- Grain: one row per body with a report, those whose own name begins with the words first; no more than $limit.

select
    body.body_id,
    body.name,
    body.county,
    body.prefecture,
    body_place.scope
from body
inner join body_place using (body_id)
where
    (contains(body.name, $typed) or contains(body.county, $typed))
    and exists (
        select 1
        from report
        where report.body_id = body.body_id
    )
order by not starts_with(body.name, $typed), not contains(body.name, $typed), body.body_id
limit $limit
