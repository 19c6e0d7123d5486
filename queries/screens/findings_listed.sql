-- Question: which findings are there, with the words of their rule, what they speak of, and what was decided?
-- Grain: one row per finding of the current documents of $bodies from $first to $last; $report, $rule, $severities,
-- $outcomes and $causes narrow where they are not null, $undecided leaves out what was decided; `found` counts all,
-- $limit of them are given after $offset. `cause` is reading first: an operand was unreadable or its reading in doubt; what was not assessed has no other.

with chosen as (
    select
        finding.*,
        report.body_id,
        report.year,
        case
            when finding.outcome = 'broken' and finding.severity = 'info' then 'note'
            else finding.outcome
        end as shown
    from finding
    inner join report using (report_id)
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    inner join current_report using (report_id)
    where
        current_report.is_current
        and report.year between $first and $last
        and ($report::text is null or finding.report_id = $report::text)
        and ($rule::text is null or finding.rule = $rule::text)
        and ($severities::text[] is null or list_contains($severities::text[], finding.severity))
        and (not $undecided::boolean or finding.decision is null)
),

asked as (
    select
        *,
        row_number() over (order by report_id, rule, severity, message, measure, applicant, places) as number
    from chosen
    where list_contains($outcomes::text[], shown)
),

entered as (
    select
        number,
        report_id,
        unnest(places) as place
    from asked
    where outcome <> 'holds'
),

-- Places of one table row, or of one paragraph, belong together: an issue speaks of the whole row.
doubt as (
    select
        report_id,
        regexp_extract(locator, '^b\d+(r\d+)?') as line
    from issue
    where report_id is not null and regexp_matches(locator, '^b\d+')
),

doubted as (
    select entered.number
    from entered
    semi join doubt
        on doubt.report_id = entered.report_id
        and doubt.line = regexp_extract(entered.place, '^b\d+(r\d+)?')
    union
    select entered.number
    from entered
    semi join fact
        on fact.report_id = entered.report_id
        and fact.locator = entered.place
        and fact.status = 'unreadable'
    union
    -- all the text of a picture was recognised
    select entered.number
    from entered
    semi join issue
        on issue.report_id = entered.report_id
        and issue.code in ('ocr', 'repeated_lines_removed')
),

caused as (
    select
        asked.*,
        case
            when doubted.number is not null then 'reading'
            when asked.outcome = 'broken' then rule.cause
        end as cause
    from asked
    left join doubted using (number)
    left join rule using (rule)
),

narrowed as (
    select
        *,
        count(*) over () as found
    from caused
    where $causes::text[] is null or list_contains($causes::text[], cause)
    order by
        list_position(['broken', 'note', 'not_assessable', 'holds'], shown),
        list_position(['error', 'warning', 'info'], severity),
        year desc,
        body_id,
        number
    limit $limit::integer
    offset $offset::integer
)

select
    narrowed.report_id,
    narrowed.rule,
    narrowed.severity,
    narrowed.shown as outcome,
    case
        when $language = 'en' and narrowed.message_en <> '' then narrowed.message_en
        else narrowed.message
    end as message,
    narrowed.residual,
    narrowed.measure,
    narrowed.applicant,
    narrowed.places,
    narrowed.decision,
    narrowed.year,
    narrowed.cause,
    narrowed.found,
    body.name as body,
    body.county,
    coalesce(case when $language = 'en' then part.label_en else part.label_zh end, narrowed.rule) as label,
    part.kind as rule_kind,
    part.formula,
    correction.reason,
    correction.author,
    correction.made_on,
    coalesce(report.url, report.path) as source,
    case
        when narrowed.rule = 'F-COPY-PEER' then likest.other_report_id
        when narrowed.across then report_pair.previous_report_id
    end as other_report_id
from narrowed
inner join report using (report_id)
inner join body on body.body_id = narrowed.body_id
left join rule_part as part
    on part.rule = narrowed.rule
    and part.position = (
        select
            arg_min(
                position,
                case
                    when list_contains(regexp_extract_all(formula, '[a-z][a-z_0-9]*'), narrowed.measure) then 0
                    else 2
                end
                + case when severity = narrowed.severity then 0 else 1 end
            )
        from rule_part
        where rule = narrowed.rule
    )
left join correction on correction.correction_id = narrowed.correction_id
left join report_pair on report_pair.report_id = narrowed.report_id
left join (
    select
        report_id,
        any_value(other_report_id) as other_report_id
    from similarity
    where against = 'neighbour'
    group by report_id
) as likest on likest.report_id = narrowed.report_id
order by
    list_position(['broken', 'note', 'not_assessable', 'holds'], narrowed.shown),
    list_position(['error', 'warning', 'info'], narrowed.severity),
    narrowed.year desc,
    narrowed.body_id,
    narrowed.number
