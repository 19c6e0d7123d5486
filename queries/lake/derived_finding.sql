-- Question: what has been found across the reports of which county?
-- Grain: a view; one row per finding.
create or replace temp view {view} as
select
    null::text as writer,
    'county:' || place.county as bundle,
    finding.* replace ((select prefix from {who}) || finding.correction_id as correction_id)
from {source}.{schema}.finding as finding
join (select key, min(county) as county from {source}_place group by key) as place
    on finding.report_id = place.key
where coalesce(finding.across, false)
