-- Question: what in a report cost it points, and where does that stand?
-- Grain: one row per thing that cost the report $report a share of an indicator: a broken rule, blank cells, a section, a
-- kind of content or channel that lacks, days. `lost` is the share of the indicator's value that it cost.

with asked as (
    select
        indicator_value.*,
        indicator.formula
    from indicator_value
    inner join indicator using (model, indicator)
    where indicator_value.report_id = $report and indicator_value.value < 1
),

input as (
    select
        asked.*,
        indicator_input.input,
        indicator_input.part,
        indicator_input.weight as penalty
    from asked
    inner join indicator_input using (model, indicator)
),

broken as (
    select
        rule,
        min_by(severity, list_position(['error', 'warning', 'info'], severity)) as severity,
        count(*) as times,
        string_agg(distinct case when $language = 'en' and message_en <> '' then message_en else message end, chr(10) order by case when $language = 'en' and message_en <> '' then message_en else message end) as message,
        flatten(list(places)) as places
    from finding
    where report_id = $report and outcome = 'broken' and decision is distinct from 'dismissed'
    group by rule
),

gravest as (
    select
        rule,
        min_by(severity, list_position(['error', 'warning', 'info'], severity)) as severity
    from finding
    where report_id = $report and outcome <> 'not_assessable'
    group by rule
),

rule_name as (
    select
        rule,
        case when $language = 'en' then label_en else label_zh end as label
    from rule_part
    qualify row_number() over (partition by rule order by position) = 1
),

severity_weight as (
    select
        model,
        indicator,
        name as severity,
        value as weight
    from indicator_parameter
),

weighed as (
    select
        input.indicator,
        input.input,
        severity_weight.weight,
        sum(severity_weight.weight) over (partition by input.indicator) as whole
    from input
    inner join gravest on gravest.rule = input.input
    inner join severity_weight
        on severity_weight.model = input.model
        and severity_weight.indicator = input.indicator
        and severity_weight.severity = gravest.severity
    where input.formula = 'rules_passed'
),

lost_rules as (
    select
        weighed.indicator,
        weighed.input as code,
        rule_name.label,
        broken.message,
        broken.times,
        weighed.weight / weighed.whole as lost,
        broken.places
    from weighed
    inner join broken on broken.rule = weighed.input
    inner join rule_name on rule_name.rule = weighed.input
),

penalised as (
    select
        input.indicator,
        input.input as code,
        rule_name.label,
        broken.message,
        broken.times,
        -- penalties beyond the whole cost no more than the whole
        input.penalty * least(1, 1 / sum(input.penalty) over (partition by input.indicator)) as lost,
        broken.places
    from input
    inner join broken on broken.rule = input.input
    inner join rule_name on rule_name.rule = input.input
    where input.formula in ('penalties', 'rule_holds', 'days_late') and input.penalty is not null
),

lacking_sections as (
    select
        input.indicator,
        input.input as code,
        null as label,
        null as message,
        1 as times,
        1 / count(*) over (partition by input.indicator) as share,
        passage.report_id is not null as is_there
    from input
    left join (select distinct report_id, section from passage where report_id = $report) as passage
        on passage.section = input.input
    where input.formula = 'sections_found'
),

prose as (
    select
        coalesce(section, '') = '五' as of_problems,
        string_agg(coalesce(folded, text), chr(10)) as text
    from passage
    where report_id = $report and cell_row is null and coalesce(section, '') not in ('三', '四', '六')
    group by all
),

lacking_tags as (
    select
        input.indicator,
        input.input as code,
        case when $language = 'en' then tag.label_en else tag.label_zh end as label,
        1 / count(*) over (partition by input.indicator) as share,
        coalesce(
            case
                when len(tag.words) > 0 then list_bool_or(list_transform(tag.words, word -> contains(prose.text, word)))
                else regexp_matches(prose.text, tag.pattern)
            end,
            false
        ) as is_named
    from input
    inner join tag on tag.tag = input.input
    left join prose on prose.of_problems = (input.formula = 'tags_share')
    where input.formula in ('tags_named', 'tags_share')
),

blank as (
    select
        list(locator order by locator)[1:40] as places
    from fact
    inner join report using (report_id)
    inner join layout_line
        on layout_line.layout = report.layout
        and layout_line.measure = fact.measure
        and layout_line.required
        and (layout_line.columns = ['*']) = (fact.applicant is not null)
    where fact.report_id = $report and fact.status <> 'reported' and fact.channel is null and fact.category is null
)

select * from lost_rules
union all by name
select * from penalised
union all by name
select
    indicator,
    code,
    label,
    message,
    times,
    share as lost,
    null as places
from lacking_sections
where not is_there
union all by name
select
    indicator,
    code,
    label,
    share as lost
from lacking_tags
where not is_named
union all by name
select
    asked.indicator,
    'blank_cells' as code,
    asked.asked - asked.counted as times,
    1 - asked.value as lost,
    blank.places
from asked
cross join blank
where asked.formula = 'cells_filled'
union all by name
select
    indicator,
    formula as code,
    counted as times,
    1 - value as lost,
    places
from asked
where formula in ('days_late', 'rule_holds', 'log_among_peers', 'kinds_used', 'smoothed_rate', 'smoothed_rest', 'said_in_words', 'freshness')
order by lost desc, indicator, code
