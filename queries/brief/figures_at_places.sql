-- Question: what is printed at the places that entered a finding, and in which part of the report?
-- Grain: one row per fact of $reports at one of $places, and per place without one.

with asked as (
    select unnest($places::text[]) as locator
),

passages as (
    select
        passage.report_id,
        asked.locator,
        any_value(passage.section) as section,
        any_value(passage.page) as page,
        any_value(passage.line) as line,
        any_value(passage.text) as text
    from passage
    inner join asked
        on passage.block = try_cast(regexp_extract(asked.locator, '^b(\d+)', 1) as integer)
        and passage.cell_row is not distinct from
        try_cast(nullif(regexp_extract(asked.locator, '^b\d+r(\d+)', 1), '') as integer)
        and passage.cell_column is not distinct from
        try_cast(nullif(regexp_extract(asked.locator, '^b\d+r\d+c(\d+)', 1), '') as integer)
    where list_contains($reports::text[], passage.report_id)
    group by passage.report_id, asked.locator
)

select
    passages.report_id,
    passages.locator,
    passages.section,
    passages.page,
    passages.line,
    passages.text,
    fact.raw_text,
    measure.label_zh as label,
    applicant.label_zh as applicant,
    channel.label_zh as channel,
    fact.category
from passages
left join fact
    on fact.report_id = passages.report_id
    and fact.locator = passages.locator
left join measure using (measure)
left join applicant using (applicant)
left join channel using (channel)
order by passages.report_id, measure.position nulls last, applicant.position, passages.locator, fact.fact_id
