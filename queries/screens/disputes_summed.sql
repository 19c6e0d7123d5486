-- Question: how many reports state reconsiderations and lawsuits, how many state none, and how many were corrected?
-- Grain: one row, over the current reports of $bodies from $first to $last; a sum that no report states is null.

with report_count as (
    select
        expected_report.body_id,
        expected_report.year,
        expected_report.report_id,
        reconsiderations.value as reconsiderations,
        lawsuits.value as lawsuits,
        reconsiderations.status is not null or lawsuits.status is not null as is_asked
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    left join figure as reconsiderations
        on reconsiderations.report_id = expected_report.report_id
        and reconsiderations.measure = 'reconsideration_total'
    left join figure as lawsuits
        on lawsuits.report_id = expected_report.report_id
        and lawsuits.measure = 'lawsuit_total'
    where
        expected_report.year between $first and $last
        and expected_report.state <> 'not_due'
),

corrected as (
    select
        sum(figure.value) filter (where figure.measure in ('reconsideration_corrected', 'lawsuit_corrected')) as corrected,
        sum(figure.value) filter (where figure.measure in
            ('reconsideration_pending', 'lawsuit_direct_pending', 'lawsuit_after_reconsideration_pending')) as pending
    from figure
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    where
        figure.is_current
        and report.year between $first and $last
)

select
    count(*) as owed,
    count(report_id) as held,
    sum(reconsiderations) as reconsiderations,
    sum(lawsuits) as lawsuits,
    list_sum([sum(reconsiderations), sum(lawsuits)]) as disputes,
    count(*) filter (where reconsiderations > 0 or lawsuits > 0) as with_disputes,
    count(distinct body_id) filter (where reconsiderations > 0 or lawsuits > 0) as bodies_with,
    count(*) filter (where reconsiderations = 0 and lawsuits = 0) as stating_none,
    count(*) filter (
        where is_asked
        and not coalesce(reconsiderations > 0 or lawsuits > 0, false)
        and not coalesce(reconsiderations = 0 and lawsuits = 0, false)
    ) as unfilled,
    count(report_id) filter (where not is_asked) as absent,
    count(*) filter (where report_id is null) as missing,
    any_value(corrected.corrected) as corrected,
    any_value(corrected.pending) as pending,
    (select unit from measure where measure = 'reconsideration_total') as unit
from report_count
cross join corrected
