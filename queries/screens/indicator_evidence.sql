-- Question: from what in a report does an indicator's value come, and where is it printed?
-- Grain: one row per measure, sum that was checked, section, kind of content or channel that $indicator of $report is
-- computed from. `state` is a status of the figure, an outcome of the check, found or lacking.

with asked as (
    select
        indicator_value.report_id,
        indicator.formula,
        indicator_input.input,
        indicator_input.part,
        indicator_input.position
    from indicator_value
    inner join indicator using (model, indicator)
    inner join indicator_input using (model, indicator)
    where indicator_value.report_id = $report and indicator_value.indicator = $indicator
),

figures as (
    select
        asked.position,
        asked.input as code,
        case when $language = 'en' then measure.label_en else measure.label_zh end as label,
        coalesce(figure.status, 'absent') as state,
        figure.value,
        measure.unit,
        coalesce(figure.bound, 'exact') as bound,
        figure.fact_id,
        case when figure.locator is not null then [figure.locator] end as places,
        null as message
    from asked
    inner join measure on measure.measure = asked.input
    left join figure on figure.report_id = asked.report_id and figure.measure = asked.input
    where asked.formula in ('log_among_peers', 'smoothed_rate', 'smoothed_rest')
),

said as (
    select
        asked.position,
        asked.input as code,
        case when $language = 'en' then measure.label_en else measure.label_zh end as label,
        case when fact.fact_id is null then 'lacking' else 'found' end as state,
        fact.value,
        measure.unit,
        coalesce(fact.bound, 'exact') as bound,
        fact.fact_id,
        case when fact.locator is not null then [fact.locator] end as places,
        null as message
    from asked
    inner join measure on measure.measure = asked.input
    left join fact
        on fact.report_id = asked.report_id
        and fact.measure = asked.input
        and fact.applicant is null
        and fact.value is not null
        and not regexp_matches(fact.locator, '^b\d+r\d+')
    where asked.formula = 'said_in_words'
),

checks as (
    select
        asked.position,
        asked.input as code,
        min_by(case when $language = 'en' then part.label_en else part.label_zh end, part.position) as label,
        case
            when bool_or(finding.outcome = 'broken' and finding.decision is distinct from 'dismissed') then 'broken'
            when bool_or(finding.outcome = 'holds' or finding.decision = 'dismissed') then 'holds'
            else 'not_assessable'
        end as state,
        list_distinct(flatten(list(finding.places) filter (where finding.outcome = 'broken')))[1:40] as places,
        string_agg(
            distinct case when $language = 'en' and finding.message_en <> '' then finding.message_en else finding.message end,
            chr(10)
        ) filter (where finding.outcome = 'broken') as message
    from asked
    inner join rule_part as part on part.rule = asked.input
    left join finding on finding.report_id = asked.report_id and finding.rule = asked.input
    where asked.formula in ('days_late', 'rule_holds', 'rules_passed', 'penalties')
    group by asked.position, asked.input
),

sections as (
    select
        asked.position,
        asked.input as code,
        null as label,
        case when count(passage.block) > 0 then 'found' else 'lacking' end as state,
        case when count(passage.block) > 0 then [concat('b', min(passage.block))] end as places
    from asked
    left join passage on passage.report_id = asked.report_id and passage.section = asked.input
    where asked.formula in ('sections_found', 'freshness')
    group by asked.position, asked.input
),

tags as (
    select
        asked.position,
        asked.input as code,
        any_value(case when $language = 'en' then tag.label_en else tag.label_zh end) as label,
        case when count(passage.block) > 0 then 'found' else 'lacking' end as state,
        case when count(passage.block) > 0 then [concat('b', min(passage.block))] end as places
    from asked
    inner join tag on tag.tag = asked.input
    left join passage
        on passage.report_id = asked.report_id
        and passage.cell_row is null
        and coalesce(passage.section, '') not in ('三', '四', '六')
        and (coalesce(passage.section, '') = '五') = (asked.formula = 'tags_share')
        and case
            when len(tag.words) > 0
                then list_bool_or(
                    list_transform(tag.words, word -> contains(coalesce(passage.folded, passage.text), word))
                )
            else regexp_matches(coalesce(passage.folded, passage.text), tag.pattern)
        end
    where asked.formula in ('tags_named', 'tags_share')
    group by asked.position, asked.input
),

channels as (
    select
        asked.position,
        asked.input as code,
        any_value(case when $language = 'en' then class.label_en else class.label_zh end) as label,
        case when count(fact.fact_id) > 0 then 'found' else 'lacking' end as state,
        list_distinct(list(fact.locator) filter (where fact.locator is not null))[1:40] as places
    from asked
    inner join channel as class on class.class = asked.input
    left join fact
        on fact.report_id = asked.report_id
        and fact.measure = 'items_by_channel'
        and fact.channel = class.channel
        and fact.value is distinct from 0
    where asked.formula = 'kinds_used'
    group by asked.position, asked.input
)

select * from figures
union all by name
select * from said
union all by name
select * from checks
union all by name
select * from sections
union all by name
select * from tags
union all by name
select * from channels
order by position
