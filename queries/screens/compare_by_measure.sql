-- Question: which of some bodies has the most and the least of each measure in a year, and who cannot be compared?
-- Grain: one row per measure of $measures; two bodies of $bodies with a value make it `comparable`.
-- `against` says of the first body how it stands to the median of its county and kind: above, below, equal or null.

with asked as (
    select
        body_id,
        name as body,
        list_position($bodies, body_id) as place
    from body
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = body_id
),

given as (
    select
        asked.body_id,
        asked.body,
        asked.place,
        measure.measure,
        figure.value,
        coalesce(figure.bound, 'exact') as bound
    from asked
    cross join measure
    left join expected_report
        on expected_report.body_id = asked.body_id
        and expected_report.year = $year
    left join figure
        on figure.report_id = expected_report.report_id
        and figure.measure = measure.measure
    where list_contains($measures, measure.measure)
),

peer as (
    select
        figure.measure,
        median(figure.value) as median,
        count(figure.value) as n
    from expected_report
    inner join body using (body_id)
    inner join body_place using (body_id)
    inner join figure using (report_id)
    where
        expected_report.year = $year
        and expected_report.state <> 'not_due'
        and body.kind = (select kind from body where body_id = $bodies[1])
        and body_place.scope = (select scope from body_place where body_id = $bodies[1])
    group by figure.measure
),

extremes as (
    select
        measure,
        max(value) as greatest,
        min(value) as least
    from given
    group by measure
),

summed as (
    select
        given.measure,
        extremes.greatest,
        extremes.least,
        count(given.value) as with_value,
        count(*) as bodies,
        coalesce(bool_or(given.bound <> 'exact') filter (where given.value is not null), false) as holds_bound,
        list(given.body order by given.place) filter (where given.value = extremes.greatest) as highest,
        list(given.body order by given.place) filter (where given.value = extremes.least) as lowest,
        list(given.body order by given.place) filter (where given.value is null) as lacking,
        any_value(given.value) filter (where given.place = 1) as first_value
    from given
    inner join extremes using (measure)
    group by given.measure, extremes.greatest, extremes.least
)

select
    measure.measure,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.unit,
    summed.* exclude (measure),
    summed.with_value >= 2 as comparable,
    summed.with_value >= 2 and summed.greatest > summed.least and len(summed.highest) = 1 as has_first,
    peer.median,
    peer.n,
    case
        when summed.first_value is null or peer.n < 2 then null
        when summed.first_value > peer.median then 'above'
        when summed.first_value < peer.median then 'below'
        else 'equal'
    end as against
from measure
inner join summed using (measure)
left join peer using (measure)
order by list_position($measures, measure.measure)
