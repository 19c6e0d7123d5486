-- Question: which bodies belong to a scope?
-- Grain: one row per body of $scope.

with placed as (
    select
        body_id,
        name,
        kind,
        origin = 'invented' as invented,
        concat_ws(
            '-',
            case when origin = 'invented' then 'demo' end,
            coalesce(prefecture, province),
            county
        ) as scope
    from body
)

select
    body_id,
    name,
    kind,
    kind in ('town', 'township', 'ethnic_township', 'subdistrict') as is_township
from placed
where scope = $scope or ($scope = 'real' and not invented)
order by is_township desc, body_id
