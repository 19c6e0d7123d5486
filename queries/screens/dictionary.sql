-- Question: what does everything that the catalogue declares mean, in both languages?
-- Grain: one row per measure, kind of applicant, channel, form and part of a rule; $terms (folded words) narrow it to the
-- entries that hold all of them; `n` of `reports` documents of $bodies from $first to $last give a measure a figure,
-- of those whose form asks for it.

with held as (
    select
        report.report_id,
        report_form.form
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    inner join report_form using (report_id)
    where
        current_report.is_current
        and report.sha256 is not null
        and report.year between $first and $last
),

asked as (
    select
        measure.measure,
        count(*) as reports
    from held
    inner join measure on list_contains(measure.layouts, held.form)
    group by measure.measure
),

given as (
    select
        measure,
        count(distinct report_id) as n
    from (
        select
            fact.measure,
            fact.report_id
        from fact
        where fact.value is not null
        union all
        select
            figure.measure,
            figure.report_id
        from figure
        where figure.value is not null
    )
    inner join held using (report_id)
    inner join measure using (measure)
    where list_contains(measure.layouts, held.form)
    group by measure
),

entry as (
    select
        'measure' as kind,
        measure.measure as code,
        measure.label_zh,
        measure.label_en,
        measure.unit,
        measure.section,
        measure.kind as sort,
        measure.layouts,
        measure.note as detail,
        given.n,
        asked.reports,
        measure.position
    from measure
    left join given using (measure)
    left join asked using (measure)
    union all by name
    select
        'applicant' as kind,
        applicant as code,
        label_zh,
        label_en,
        position
    from applicant
    union all by name
    select
        'channel' as kind,
        channel as code,
        label_zh,
        label_en,
        class as section,
        array_to_string(synonyms, '、') as detail,
        position
    from channel
    union all by name
    select
        'layout' as kind,
        layout as code,
        label_zh,
        label_en,
        concat_ws('-', first_year, coalesce(last_year::text, '')) as detail,
        position
    from layout
    union all by name
    select
        'rule' as kind,
        rule as code,
        label_zh,
        label_en,
        layouts,
        severity,
        cause,
        kind as rule_kind,
        formula,
        source,
        position
    from rule_part
)

select *
from entry
where
    len(list_filter(
        $terms::text[],
        lambda term: not contains(
            lower(replace(concat_ws(' ', code, label_zh, label_en, unit, detail, formula, source), ' ', '')), term
        )
    )) = 0
order by list_position(['measure', 'applicant', 'channel', 'layout', 'rule'], kind), position
