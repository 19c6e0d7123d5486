-- Question: what in the reports could not be accounted for?
-- Grain: one row per issue of the current documents of $bodies from $first to $last, of $report where it is not null;
-- `found` counts all, $limit of them are given after $offset.

select
    issue.report_id,
    body.name as body,
    report.year,
    issue.code,
    case when $language = 'en' then coalesce(issue.message_en, issue.message) else issue.message end as message,
    issue.raw_text,
    issue.locator,
    coalesce(report.url, report.path) as source,
    count(*) over () as found
from issue
inner join report using (report_id)
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = report.body_id
inner join current_report using (report_id)
inner join body using (body_id)
where
    current_report.is_current
    and report.year between $first and $last
    and ($report::text is null or issue.report_id = $report::text)
order by report.year desc, report.body_id, issue.report_id, issue.code, issue.locator, issue.message
limit $limit::integer
offset $offset::integer
