-- Question: which sums do not come out, in words, and where was the first figure of each printed?
-- Grain: one row per broken finding of $bodies from $first to $last.

select
    report.report_id,
    body.name as body,
    report.year,
    finding.rule,
    coalesce(case when $language = 'en' then rule.label_en else rule.label_zh end, finding.rule) as label,
    case when finding.severity = 'info' then 'note' else 'broken' end as outcome,
    case
        when $language = 'en' and finding.message_en <> '' then finding.message_en
        else finding.message
    end as message,
    (
        select fact.fact_id
        from fact
        where fact.report_id = finding.report_id and list_contains(finding.places, fact.locator)
        order by list_position(finding.places, fact.locator)
        limit 1
    ) as fact_id
from finding
inner join report using (report_id)
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = report.body_id
inner join body using (body_id)
inner join current_report using (report_id)
left join rule using (rule)
where
    current_report.is_current
    and report.year between $first and $last
    and finding.outcome = 'broken'
order by
    list_position(['error', 'warning', 'info'], finding.severity),
    report.year desc,
    body.body_id,
    finding.rule,
    finding.report_id,
    finding.message
