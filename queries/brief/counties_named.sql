-- Question: which county is meant by a name, and of which years does it owe reports?
-- Grain: one row per county that bears $county as its name or as its scope.

select
    body_place.scope,
    any_value(coalesce(body.county, body.prefecture, body.province)) as place,
    any_value(body.prefecture) as prefecture,
    bool_or(body.origin = 'invented') as invented,
    count(distinct body.body_id) filter (where body_place.is_township) as townships,
    min(expected_report.year) filter (where body_place.is_township) as first_year,
    max(expected_report.year) filter (where body_place.is_township) as last_year
from body
inner join body_place using (body_id)
left join expected_report using (body_id)
where $county in (body_place.scope, coalesce(body.county, body.prefecture, body.province))
group by body_place.scope
order by body_place.scope
