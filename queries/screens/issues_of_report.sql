-- Question: what in a report could not be accounted for?
-- Grain: one row per issue of $report.

select
    code,
    case when $language = 'en' then coalesce(message_en, message) else message end as message,
    raw_text,
    locator
from issue
where report_id = $report
order by code, locator
