-- Question: which years and groups of peers can be ranked, and how many reports are there to rank?
-- Grain: one row per year from $first to $last with a scoring model, and group of peers among $bodies.

select
    expected_report.year,
    peer_group.peer_group,
    any_value(case when $language = 'en' then peer_group.label_en else peer_group.label_zh end) as group_label,
    min(peer_group.position) as position,
    count(*) as owed,
    count(*) filter (where expected_report.state in ('on_time', 'late', 'undated')) as reports,
    list(expected_report.body_id order by expected_report.body_id) as bodies
from expected_report
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = expected_report.body_id
inner join body using (body_id)
inner join peer_group using (kind)
inner join scoring_model
    on expected_report.year >= coalesce(scoring_model.first_year, expected_report.year)
    and expected_report.year <= coalesce(scoring_model.last_year, expected_report.year)
where expected_report.year between $first and $last
group by expected_report.year, peer_group.peer_group
order by expected_report.year desc, reports desc, position
