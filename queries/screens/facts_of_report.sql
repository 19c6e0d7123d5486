-- Question: which figures were read from a report, and where do they stand?
-- Grain: one row per printed value of $report.

select
    fact.fact_id,
    fact.measure,
    fact.applicant as applicant_code,
    fact.channel as channel_code,
    case when $language = 'en' then measure.label_en else measure.label_zh end as label,
    measure.section,
    case when $language = 'en' then applicant.label_en else applicant.label_zh end as applicant,
    case when $language = 'en' then channel.label_en else channel.label_zh end as channel,
    fact.account,
    fact.category,
    fact.value,
    fact.unit,
    fact.status,
    fact.bound,
    fact.raw_text,
    fact.locator,
    try_cast(regexp_extract(fact.locator, '^b(\d+)', 1) as integer) as block,
    try_cast(regexp_extract(fact.locator, '^b\d+r(\d+)', 1) as integer) + 1 as cell_row,
    try_cast(regexp_extract(fact.locator, 'c(\d+)', 1) as integer) + 1 as cell_column,
    (
        select min(passage.line) from passage
        where
            passage.report_id = fact.report_id
            and passage.block = try_cast(regexp_extract(fact.locator, '^b(\d+)', 1) as integer)
    ) as line,
    (
        select min(passage.page) + 1 from passage
        where
            passage.report_id = fact.report_id
            and passage.block = try_cast(regexp_extract(fact.locator, '^b(\d+)', 1) as integer)
            -- a table may go on over pages
            and passage.cell_row is not distinct from try_cast(regexp_extract(fact.locator, '^b\d+r(\d+)', 1) as integer)
            and passage.cell_column is not distinct from try_cast(regexp_extract(fact.locator, 'c(\d+)', 1) as integer)
    ) as page,
    measure.position,
    fact.printed_value,
    fact.printed_status,
    correction.correction_id,
    correction.reason,
    correction.author,
    correction.made_on
from fact
inner join measure using (measure)
left join applicant using (applicant)
left join channel using (channel)
left join correction using (correction_id)
where fact.report_id = $report
order by
    block,
    cell_row,
    cell_column,
    try_cast(regexp_extract(fact.locator, ':(\d+)-', 1) as integer),
    measure.position,
    fact.fact_id
