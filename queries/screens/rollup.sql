-- Question: what do a county's townships come to, what does the county's own report say, and what explains the gap?
-- Grain: one row per year from $first to $last and measure of $measures, of the county $scope.
-- `reading` says what the gap can mean: a sum that lacks a township explains nothing by itself.

with townships as (
    select
        scope,
        year,
        measure,
        due,
        n,
        total,
        holds_bound
    from county_year_measure
    where scope = $scope and year between $first and $last and list_contains($measures, measure)
),

owed as (
    select
        expected_report.year,
        expected_report.report_id,
        expected_report.state,
        body.body_id,
        body.name,
        body.kind,
        body_place.is_township
    from expected_report
    inner join body using (body_id)
    inner join body_place using (body_id)
    where body_place.scope = $scope and expected_report.state <> 'not_due'
),

given as (
    select
        owed.*,
        townships.measure,
        figure.value,
        figure.status,
        figure.bound,
        figure.fact_id
    from owed
    inner join townships using (year)
    left join figure
        on figure.report_id = owed.report_id
        and figure.measure = townships.measure
),

units as (
    select
        year,
        measure,
        list(name order by body_id) filter (where is_township and state = 'missing') as without_report,
        list(name order by body_id) filter (where is_township and state <> 'missing' and value is null)
            as without_figure,
        case when count(value) filter (where is_township) = 1
            then any_value(report_id) filter (where is_township and value is not null)
        end as only_report,
        case when count(value) filter (where is_township) = 1
            then any_value(fact_id) filter (where is_township and value is not null)
        end as only_fact,
        count(value) filter (where kind = 'department') as departments,
        count(*) filter (where kind = 'department') as departments_due,
        sum(value) filter (where kind = 'department') as departments_total
    from given
    group by year, measure
),

district as (
    select
        year,
        measure,
        name,
        report_id,
        value,
        status,
        bound,
        fact_id
    from given
    where kind = 'county' and report_id is not null
    qualify row_number() over (partition by year, measure order by body_id) = 1
),

compared as (
    select
        townships.year,
        townships.measure,
        case when $language = 'en' then measure.label_en else measure.label_zh end as label,
        measure.unit,
        measure.position,
        townships.due,
        townships.n,
        townships.total,
        townships.holds_bound,
        units.without_report,
        units.without_figure,
        units.only_report,
        units.only_fact,
        units.departments,
        units.departments_due,
        units.departments_total,
        district.name as district,
        district.report_id as district_report,
        district.value as district_value,
        district.status as district_status,
        district.bound as district_bound,
        district.fact_id as district_fact,
        district.value - townships.total as gap,
        case
            when district.report_id is null then 'no_report'
            when district.value is null then 'no_figure'
            when townships.total is null then 'no_townships'
            when townships.holds_bound or district.bound <> 'exact' then 'inexact'
            when district.value = townships.total and townships.n = townships.due then 'agrees'
            when district.value = townships.total then 'agrees_in_part'
            when district.value < townships.total then 'less'
            when units.departments = units.departments_due
                and townships.n = townships.due
                and district.value = townships.total + units.departments_total then 'departments'
            when townships.n < townships.due then 'units_missing'
            else 'covers_more'
        end as reading
    from townships
    inner join units using (year, measure)
    inner join measure using (measure)
    left join district using (year, measure)
)

select
    * exclude (position),
    count(gap) over (partition by year) as compared,
    count(*) filter (where gap = 0) over (partition by year) as equal
from compared
order by year desc, position
