-- Question: how does each report do on each indicator of the scoring model of its year?
-- Grain: one row per current, readable report of a body that is ranked, and indicator. `value` runs from 0 to 1 and is
-- null where it cannot be assessed; `reason` says why, or why it is 0. `moot` is where there was nothing to judge.
-- `counted` of `asked` is what the value comes from, `places` where it is printed; `likely` and `unlikely` are the shapes
-- of the Beta distribution that a rate of small counts is drawn from (null: nothing to draw).
with held as (
    select
        expected_report.report_id,
        expected_report.body_id,
        expected_report.year,
        expected_report.published,
        expected_report.publication_limit,
        report.layout,
        report_form.form,
        body_place.scope,
        peer_group.peer_group,
        scoring_model.model
    from expected_report
    join report using (report_id)
    join report_form using (report_id)
    join body on body.body_id = expected_report.body_id
    join body_place on body_place.body_id = expected_report.body_id
    join peer_group using (kind)
    join scoring_model
        on expected_report.year >= coalesce(scoring_model.first_year, expected_report.year)
        and expected_report.year <= coalesce(scoring_model.last_year, expected_report.year)
    where expected_report.state in ('on_time', 'late', 'undated')
),

asked as (
    select
        held.*,
        indicator.indicator,
        indicator.formula
    from held
    join indicator using (model)
),

parameter as (
    select
        model,
        indicator,
        map_from_entries(list((name, value))) as given
    from indicator_parameter
    group by model, indicator
),

-- A rule is broken where any of its sums is; what was dismissed is not. Its weight is that of its gravest sum.
verdict as (
    select
        finding.report_id,
        finding.rule,
        bool_or(outcome <> 'not_assessable') as assessable,
        bool_or(outcome = 'broken' and decision is distinct from 'dismissed') as broken,
        min_by(
            severity, list_position(['error', 'warning', 'info'], severity)
        ) filter (where outcome <> 'not_assessable') as severity,
        flatten(list(places) filter (where outcome = 'broken' and decision is distinct from 'dismissed')) as places
    from finding
    semi join held on held.report_id = finding.report_id
    semi join indicator_input on indicator_input.input = finding.rule
    group by finding.report_id, finding.rule
),

days_late as (
    select
        asked.report_id,
        asked.indicator,
        date_diff('day', publication_limit, published) as counted,
        null as asked,
        case
            when published is null or publication_limit is null then 'undated'
            when verdict.broken then 'migrated'
            when year(published) <= asked.year then 'early'
            when published > publication_limit then 'late'
        end as reason,
        case
            when published is null or publication_limit is null or verdict.broken then null
            when year(published) <= asked.year then given['early']
            else greatest(
                1 - given['step'] * ceil(greatest(date_diff('day', publication_limit, published), 0) / given['step_days']), 0
            )
        end as value,
        [] as places
    from asked
    join parameter using (model, indicator)
    join indicator_input using (model, indicator)
    left join verdict on verdict.report_id = asked.report_id and verdict.rule = indicator_input.input
    where formula = 'days_late'
),

sections_found as (
    select
        asked.report_id,
        asked.indicator,
        count(distinct passage.section) as counted,
        count(distinct indicator_input.input) as asked,
        null as reason,
        count(distinct passage.section) / count(distinct indicator_input.input) as value,
        [] as places
    from asked
    join indicator_input using (model, indicator)
    left join passage on passage.report_id = asked.report_id and passage.section = indicator_input.input
    where asked.formula = 'sections_found'
    group by asked.report_id, asked.indicator
),

rule_holds as (
    select
        asked.report_id,
        asked.indicator,
        null as counted,
        null as asked,
        case when not coalesce(verdict.assessable, false) then 'no_table' when verdict.broken then 'broken' end as reason,
        case when coalesce(verdict.broken, true) or not verdict.assessable then 0.0 when not verdict.broken then 1.0 end as value,
        coalesce(verdict.places, []) as places
    from asked
    join indicator_input using (model, indicator)
    left join verdict on verdict.report_id = asked.report_id and verdict.rule = indicator_input.input
    where asked.formula = 'rule_holds'
),

cell as (
    select distinct
        layout_line.layout,
        layout_line.measure,
        applicant.applicant
    from layout_line
    left join applicant on layout_line.columns = ['*']
    where layout_line.required
),

cells_of_form as (
    select
        layout,
        count(*) as cells
    from cell
    group by layout
),

filled as (
    select
        held.report_id,
        count(distinct case when cell.measure is not null then (fact.measure, fact.applicant) end) as filled
    from held
    left join fact
        on fact.report_id = held.report_id
        and fact.status = 'reported'
        and fact.channel is null
        and fact.category is null
    left join cell
        on cell.layout = held.layout
        and cell.measure = fact.measure
        and cell.applicant is not distinct from fact.applicant
    group by held.report_id
),

cells_filled as (
    select
        asked.report_id,
        asked.indicator,
        filled.filled as counted,
        cells_of_form.cells as asked,
        case when cells_of_form.cells is null then 'no_table' end as reason,
        case when cells_of_form.cells is null then 0.0 else filled.filled / cells_of_form.cells end as value,
        [] as places
    from asked
    left join cells_of_form using (layout)
    left join filled on filled.report_id = asked.report_id
    where asked.formula = 'cells_filled'
),

weighed as (
    select
        asked.report_id,
        asked.indicator,
        verdict.rule,
        verdict.broken,
        verdict.places,
        given['least_rules'] as least_rules,
        case verdict.severity when 'error' then given['error'] when 'warning' then given['warning'] end as weight
    from asked
    join parameter using (model, indicator)
    join indicator_input using (model, indicator)
    left join verdict
        on verdict.report_id = asked.report_id
        and verdict.rule = indicator_input.input
        and verdict.assessable
    where asked.formula = 'rules_passed'
),

rules_passed as (
    select
        report_id,
        indicator,
        count(weight) filter (where not broken) as counted,
        count(weight) as asked,
        case when count(weight) < any_value(least_rules) then 'few_rules' when bool_or(broken) then 'broken' end as reason,
        case
            when count(weight) < any_value(least_rules) then null
            when bool_and(broken) filter (where weight is not null) then 0.0
            else sum(weight) filter (where not broken) / sum(weight)
        end as value,
        coalesce(flatten(list(places) filter (where broken and weight is not null)), []) as places
    from weighed
    group by report_id, indicator
),

penalties as (
    select
        asked.report_id,
        asked.indicator,
        count(verdict.rule) as counted,
        null as asked,
        case when count(verdict.rule) > 0 then 'broken' end as reason,
        case
            when count(verdict.rule) = 0 then 1.0
            else greatest(1 - sum(indicator_input.weight) filter (where verdict.rule is not null), 0)
        end as value,
        coalesce(flatten(list(verdict.places) filter (where verdict.rule is not null)), []) as places
    from asked
    join indicator_input using (model, indicator)
    left join verdict
        on verdict.report_id = asked.report_id
        and verdict.rule = indicator_input.input
        and verdict.broken
    where asked.formula = 'penalties'
    group by asked.report_id, asked.indicator
),

volume as (
    select
        asked.report_id,
        asked.indicator,
        figure.value,
        figure.status,
        figure.locator,
        parameter.given,
        list_sort(list(figure.value) filter (where figure.value is not null) over kind) as of_kind,
        list_sort(list(figure.value) filter (where figure.value is not null) over everybody) as of_all
    from asked
    join parameter using (model, indicator)
    join indicator_input using (model, indicator)
    left join figure on figure.report_id = asked.report_id and figure.measure = indicator_input.input
    where asked.formula = 'log_among_peers'
    window
        kind as (partition by asked.indicator, asked.scope, asked.year, asked.form, asked.peer_group),
        everybody as (partition by asked.indicator, asked.scope, asked.year, asked.form)
),

-- those of the same kind where they are enough, else all of the county
among as (
    select
        *,
        case
            when len(of_kind) >= given['peers'] then of_kind
            when len(of_all) >= given['peers'] then of_all
        end as peers
    from volume
),

placed as (
    select
        *,
        1 + (len(peers) - 1) * given['low'] as low_at,
        1 + (len(peers) - 1) * given['high'] as high_at
    from among
),

-- percentiles between neighbouring values, as numpy and pandas take them
scaled as (
    select
        *,
        peers[floor(low_at)::integer]
        + (low_at - floor(low_at)) * (peers[ceil(low_at)::integer] - peers[floor(low_at)::integer]) as low,
        peers[floor(high_at)::integer]
        + (high_at - floor(high_at)) * (peers[ceil(high_at)::integer] - peers[floor(high_at)::integer]) as high
    from placed
),

log_among_peers as (
    select
        report_id,
        indicator,
        value as counted,
        null as asked,
        case
            when low is null then 'few_peers'
            when high <= low then 'no_spread'
            when status = 'ambiguous' then 'ambiguous'
            when value is null then 'not_stated'
        end as reason,
        case
            when low is null or high <= low or coalesce(status, '') = 'ambiguous' then null
            when value is null then 0.0
            else least(greatest((ln(1 + value) - ln(1 + low)) / (ln(1 + high) - ln(1 + low)), 0), 1)
        end as value,
        case when value is null then [] else [locator] end as places
    from scaled
),

channel_class as (
    select distinct
        held.report_id,
        channel.class
    from held
    join fact using (report_id)
    join channel using (channel)
    where fact.measure = 'items_by_channel' and fact.value is distinct from 0
),

kinds_used as (
    select
        asked.report_id,
        asked.indicator,
        count(distinct indicator_input.part) filter (where channel_class.class is not null) as counted,
        any_value(given['enough']) as asked,
        null as reason,
        least(
            count(distinct indicator_input.part) filter (where channel_class.class is not null) / any_value(given['enough']),
            1
        ) as value,
        [] as places
    from asked
    join parameter using (model, indicator)
    join indicator_input using (model, indicator)
    left join channel_class
        on channel_class.report_id = asked.report_id
        and channel_class.class = indicator_input.input
    where asked.formula = 'kinds_used'
    group by asked.report_id, asked.indicator
),

-- What a report says of its work: not its tables, nor of requests, disputes and problems. What it says of problems.
prose as (
    select
        passage.report_id,
        coalesce(passage.section, '') = '五' as of_problems,
        string_agg(coalesce(passage.folded, passage.text), chr(10)) as text
    from passage
    semi join held on held.report_id = passage.report_id
    where passage.cell_row is null and coalesce(passage.section, '') not in ('三', '四', '六')
    group by all
),

named as (
    select
        asked.report_id,
        asked.indicator,
        indicator_input.input,
        case
            when len(tag.words) > 0 then list_bool_or(list_transform(tag.words, word -> contains(prose.text, word)))
            else regexp_matches(prose.text, tag.pattern)
        end as is_named
    from asked
    join indicator_input using (model, indicator)
    join tag on tag.tag = indicator_input.input
    left join prose
        on prose.report_id = asked.report_id
        and prose.of_problems = (asked.formula = 'tags_share')
    where asked.formula in ('tags_named', 'tags_share')
),

tags_named as (
    select
        report_id,
        indicator,
        count(*) filter (where is_named) as counted,
        count(*) as asked,
        null as reason,
        count(*) filter (where is_named) / count(*) as value,
        [] as places
    from named
    group by report_id, indicator
),

-- What the report's form does not print lacks nowhere: a report without tables states no carry-over.
counts as (
    select
        asked.report_id,
        asked.indicator,
        asked.formula,
        parameter.given,
        sum(figure.value) filter (where part = 'done') as done,
        sum(figure.value) filter (where part = 'all') as whole,
        count(*) filter (where part = 'done' and figure.value is null) as done_lack,
        count(*) filter (
            where part = 'all' and figure.value is null and list_contains(measure.layouts, asked.layout)
        ) as whole_lack,
        coalesce(list(distinct figure.locator) filter (where figure.value is not null), []) as places
    from asked
    join parameter using (model, indicator)
    join indicator_input using (model, indicator)
    join measure on measure.measure = indicator_input.input
    left join figure on figure.report_id = asked.report_id and figure.measure = indicator_input.input
    where asked.formula in ('smoothed_rate', 'smoothed_rest')
    group by asked.report_id, asked.indicator, asked.formula, parameter.given
),

told as (
    select
        report_id,
        indicator,
        formula,
        given,
        case when whole_lack = 0 then whole end as whole,
        case when done_lack = 0 then done end as known_done,
        places
    from counts
),

smoothed as (
    select
        report_id,
        indicator,
        known_done as counted,
        whole as asked,
        case
            when whole = 0 then 'nothing_to_judge'
            when whole is null or known_done is null then 'no_figure'
        end as reason,
        case
            when whole is null or known_done is null or whole = 0 then null
            when formula = 'smoothed_rate'
                then least((known_done + given['mean'] * given['strength']) / (whole + given['strength']), 1)
            else 1 - (known_done + given['mean'] * given['strength']) / (whole + given['strength'])
        end as value,
        places,
        -- the rate of what was done well; `floor` leaves room for what did not happen by luck
        case
            when whole = 0 or whole is null or known_done is null then null
            when formula = 'smoothed_rate' then known_done + given['mean'] * given['strength']
            else whole - known_done + (1 - given['mean']) * given['strength']
        end as likely,
        case
            when whole = 0 or whole is null or known_done is null then null
            when formula = 'smoothed_rate'
                then greatest(whole - known_done, 0) + (1 - given['mean']) * given['strength'] + given['floor']
            else known_done + given['mean'] * given['strength'] + given['floor']
        end as unlikely
    from told
),

said_in_words as (
    select
        asked.report_id,
        asked.indicator,
        any_value(fact.value) as counted,
        null as asked,
        case when count(fact.fact_id) = 0 then 'not_said' end as reason,
        case when count(fact.fact_id) > 0 then 1.0 when count(fact.fact_id) = 0 then 0.0 end as value,
        coalesce(list(fact.locator) filter (where fact.locator is not null), []) as places
    from asked
    join indicator_input using (model, indicator)
    left join fact
        on fact.report_id = asked.report_id
        and fact.measure = indicator_input.input
        and fact.applicant is null
        and fact.value is not null
        and not regexp_matches(fact.locator, '^b\d+r\d+')
    where asked.formula = 'said_in_words'
    group by asked.report_id, asked.indicator
),

alike as (
    select
        asked.report_id,
        asked.indicator,
        any_value(given['least']) as least,
        any_value(given['most']) as most,
        sum(similarity.share * similarity.runs) / nullif(sum(similarity.runs), 0) as share,
        coalesce(flatten(list(similarity.places)), []) as places
    from asked
    join parameter using (model, indicator)
    join indicator_input using (model, indicator)
    left join similarity
        on similarity.report_id = asked.report_id
        and similarity.section = indicator_input.input
        and similarity.against = 'last_year'
    where asked.formula = 'freshness'
    group by asked.report_id, asked.indicator
),

freshness as (
    select
        report_id,
        indicator,
        100 * share as counted,
        100 as asked,
        case when share is null then 'no_last_report' when share > least then 'alike' end as reason,
        case when share is not null then 1 - least(greatest((share - least) / (most - least), 0), 1) end as value,
        places
    from alike
),

found as (
    select * from days_late
    union all
    select * from sections_found
    union all
    select * from rule_holds
    union all
    select * from cells_filled
    union all
    select * from rules_passed
    union all
    select * from penalties
    union all
    select * from log_among_peers
    union all
    select * from kinds_used
    union all
    select * from tags_named
    union all
    select * exclude (likely, unlikely) from smoothed
    union all
    select * from said_in_words
    union all
    select * from freshness
)

select
    asked.report_id,
    asked.body_id,
    asked.year,
    asked.form,
    asked.peer_group,
    asked.model,
    asked.indicator,
    found.value::double as value,
    found.reason,
    coalesce(found.reason, '') = 'nothing_to_judge' as moot,
    found.counted::double as counted,
    found.asked::double as asked,
    list_slice(list_distinct(found.places::text[]), 1, 40) as places,
    smoothed.likely::double as likely,
    smoothed.unlikely::double as unlikely
from asked
join found using (report_id, indicator)
left join smoothed using (report_id, indicator)
order by asked.report_id, asked.indicator
