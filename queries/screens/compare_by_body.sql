-- Question: of how many measures in a year has each of some bodies the most of all of them?
-- Grain: one row per body of $bodies; `first` counts the measures of which it alone has the most.

with given as (
    select
        expected_report.body_id,
        figure.measure,
        figure.value,
        rank() over (partition by figure.measure order by figure.value desc) as place,
        count(*) over (partition by figure.measure) as bodies,
        count(*) over (partition by figure.measure, figure.value) as sharing
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    inner join figure using (report_id)
    where
        expected_report.year = $year
        and list_contains($measures, figure.measure)
        and figure.value is not null
)

select
    body.body_id,
    body.name as body,
    count(given.measure) as with_value,
    count(*) filter (where given.place = 1 and given.sharing = 1 and given.bodies > 1) as first
from body
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = body.body_id
left join given using (body_id)
group by body.body_id, body.name
order by first desc, list_position($bodies, body.body_id)
