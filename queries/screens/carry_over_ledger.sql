-- Question: does what last year's report carried over come back as this year's 上年结转, and which is likelier wrong?
-- Grain: one row per report of $bodies from $first to $last whose form asks for it, and applicant column of table three.
-- The year whose own balance (新收 + 上年结转 = 总计 + 结转下年) holds with its figure is believed; `mends` says that the
-- other year's balance holds once it takes the believed figure.

with cell as (
    select
        report_id,
        measure,
        applicant,
        case when count(distinct value) = 1 and bool_and(bound = 'exact') then min(value) end as value,
        case when count(distinct value) > 1 then 'ambiguous' else min(status) end as status,
        min(fact_id) as fact_id
    from fact
    where
        applicant is not null
        and measure in ('requests_received', 'requests_carried_in', 'requests_closed', 'requests_carried_out')
    group by report_id, measure, applicant
),

account as (
    select
        report_id,
        applicant,
        any_value(value) filter (where measure = 'requests_received') as received,
        any_value(value) filter (where measure = 'requests_carried_in') as carried_in,
        any_value(value) filter (where measure = 'requests_closed') as closed,
        any_value(value) filter (where measure = 'requests_carried_out') as carried_out,
        any_value(status) filter (where measure = 'requests_carried_in') as in_status,
        any_value(status) filter (where measure = 'requests_carried_out') as out_status,
        any_value(fact_id) filter (where measure = 'requests_carried_in') as in_fact,
        any_value(fact_id) filter (where measure = 'requests_carried_out') as out_fact
    from cell
    group by report_id, applicant
),

asked as (
    select
        report_pair.report_id,
        report_pair.previous_report_id,
        report_pair.year,
        report.body_id,
        body.name as body,
        applicant.applicant,
        applicant.position,
        case when $language = 'en' then applicant.label_en else applicant.label_zh end as applicant_label
    from report_pair
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join report_form using (report_id)
    inner join body using (body_id)
    inner join measure
        on measure.measure = 'requests_carried_in' and list_contains(measure.layouts, report_form.form)
    cross join applicant
    where report_pair.year between $first and $last
),

compared as (
    select
        asked.*,
        before.carried_out as last_out,
        before.out_status as last_status,
        before.out_fact as last_fact,
        now.carried_in as this_in,
        now.in_status as this_status,
        now.in_fact as this_fact,
        now.carried_in - before.carried_out as difference,
        before.received + before.carried_in - before.closed - before.carried_out as last_residual,
        now.received + now.carried_in - now.closed - now.carried_out as this_residual,
        before.received + before.carried_in - before.closed - now.carried_in as last_mended,
        now.received + before.carried_out - now.closed - now.carried_out as this_mended
    from asked
    left join account as now
        on now.report_id = asked.report_id and now.applicant = asked.applicant
    left join account as before
        on before.report_id = asked.previous_report_id and before.applicant = asked.applicant
),

judged as (
    select
        *,
        case
            when previous_report_id is null then 'no_last_report'
            when difference is null then 'not_assessable'
            when difference = 0 then 'agrees'
            when last_residual = 0 and this_residual <> 0 then 'this_year'
            when last_residual <> 0 and this_residual = 0 then 'last_year'
            when last_residual = 0 and this_residual = 0 then 'both_balance'
            when last_residual <> 0 and this_residual <> 0 then 'neither'
            else 'no_balance'
        end as verdict
    from compared
)

select
    *,
    case verdict when 'this_year' then this_mended = 0 when 'last_year' then last_mended = 0 end as mends,
    coalesce(difference <> 0, false) as differs,
    coalesce(difference <> 0, false) or applicant = 'total' as is_listed,
    count(difference) over () as assessable,
    count(*) filter (where difference <> 0) over () as differing,
    count(distinct report_id) filter (where difference <> 0) over () as reports_differing
from judged
order by differs desc, year desc, body_id, applicant <> 'total', position
