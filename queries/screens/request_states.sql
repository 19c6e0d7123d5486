-- Question: what does each body say of the requests of a year: some, none, nothing filled in, or no report at all?
-- Grain: one row per body of $bodies that owed a report for $year. `zero_since` is the first year of its unbroken run of
-- stated zeros up to $year, years from $first on; `is_from_start` says that the run began with the first of them.

with owed as (
    select
        expected_report.body_id,
        expected_report.lineage,
        expected_report.year,
        expected_report.report_id,
        expected_report.state as report_state,
        received.value as received,
        received.status as received_status,
        received.bound as received_bound,
        received.fact_id as received_fact
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    left join figure as received
        on received.report_id = expected_report.report_id
        and received.measure = 'requests_received'
    where
        expected_report.year between $first and $year
        and expected_report.state <> 'not_due'
),

run as (
    select
        owed.lineage,
        owed.year,
        min(owed.year) over (partition by owed.lineage) as first_owed,
        max(owed.year) filter (where owed.received is distinct from 0) over (partition by owed.lineage) as last_other
    from owed
),

zeros as (
    select
        lineage,
        min(year) filter (where year > last_other or last_other is null) as zero_since,
        min(year) filter (where year > last_other or last_other is null) = min(first_owed) as is_from_start,
        count(*) filter (where year > last_other or last_other is null) as zero_years
    from run
    group by lineage
),

of_year as (
    select
        owed.*,
        body.name as body,
        case
            when owed.report_id is null then 'missing'
            when owed.received > 0 then 'some'
            when owed.received = 0 then 'zero'
            when owed.received_status is not null then owed.received_status
            when owed.report_state = 'unreadable' then 'unreadable'
            else 'absent'
        end as state,
        case when owed.received = 0 then zeros.zero_since end as zero_since,
        case when owed.received = 0 then zeros.zero_years end as zero_years,
        coalesce(owed.received = 0 and zeros.is_from_start, false) as is_from_start,
        reconsiderations.value as reconsiderations,
        reconsiderations.status as reconsiderations_status,
        reconsiderations.fact_id as reconsiderations_fact,
        lawsuits.value as lawsuits,
        lawsuits.status as lawsuits_status,
        lawsuits.fact_id as lawsuits_fact,
        case
            when reconsiderations.value > 0 or lawsuits.value > 0 then 'some'
            when reconsiderations.value = 0 and lawsuits.value = 0 then 'zero'
            when reconsiderations.status is null and lawsuits.status is null then 'absent'
            else 'unfilled'
        end as disputes
    from owed
    inner join body using (body_id)
    left join zeros using (lineage)
    left join figure as reconsiderations
        on reconsiderations.report_id = owed.report_id
        and reconsiderations.measure = 'reconsideration_total'
    left join figure as lawsuits
        on lawsuits.report_id = owed.report_id
        and lawsuits.measure = 'lawsuit_total'
    where owed.year = $year
)

select
    *,
    count(*) over () as bodies,
    count(*) filter (where state = 'some') over () as some,
    count(*) filter (where state = 'zero') over () as zero,
    count(*) filter (where state in ('blank', 'dash', 'not_printed', 'unreadable', 'ambiguous', 'incomplete')) over ()
        as unfilled,
    count(*) filter (where state = 'absent') over () as absent,
    count(*) filter (where state = 'missing') over () as missing,
    count(*) filter (where state = 'zero' and disputes = 'zero') over () as zero_no_dispute,
    count(*) filter (where state = 'zero' and disputes = 'some') over () as zero_with_dispute,
    count(*) filter (where state = 'zero' and disputes in ('unfilled', 'absent')) over () as zero_unknown_dispute,
    count(*) filter (where state = 'zero' and is_from_start and zero_years > 1) over () as zero_throughout,
    $first::integer as first_year,
    (select unit from measure where measure = 'requests_received') as unit
from of_year
order by
    list_position(['some', 'zero'], state) nulls last,
    received desc nulls last,
    state,
    body_id
