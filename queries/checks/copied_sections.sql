-- Question: are sections one and five last year's, or a neighbour's, numbers and own names masked?
-- Grain: one row per current report with a report of the year before, one per report with neighbours that year.
with asked as (
    select
        report_pair.report_id,
        'last_year' as against,
        'F-COPY' as rule,
        0.80 as copied,
        0.95 as plainly_copied
    from report_pair
    where report_pair.previous_report_id is not null
    union all
    select
        report_pair.report_id,
        'neighbour',
        'F-COPY-PEER',
        0.90,
        null
    from report_pair
    join report using (report_id)
    join body using (body_id)
    where body.county is not null
    qualify count(*) over (partition by body.county, report_pair.year) > 1
),

likeness as (
    select
        report_id,
        against,
        any_value(other_report_id) as other_report_id,
        -- each section counts as much as there is of it
        sum(share * runs) / sum(runs) as share,
        flatten(list(places order by section)) as places,
        list({'section': section, 'share': share, 'paragraphs': len(places)} order by section) as sections
    from similarity
    group by report_id, against
)

select
    asked.rule,
    asked.report_id,
    null as measure,
    null as applicant,
    likeness.share as found,
    null::double as expected,
    case when asked.against = 'neighbour' then other_body.name end as detail,
    case when likeness.share >= asked.plainly_copied then 'error' end as severity,
    case
        when likeness.share is null then 'not_assessable'
        when likeness.share >= asked.copied then 'broken'
        else 'holds'
    end as outcome,
    coalesce(likeness.places, []) as places,
    likeness.sections
from asked
left join likeness using (report_id, against)
left join report as other on other.report_id = likeness.other_report_id
left join body as other_body on other_body.body_id = other.body_id
order by asked.rule, asked.report_id
