-- Question: where was a measure of a body's report printed, and which checks did it enter?
-- Grain: one row per fact.
with wanted as (
    select
        fact.*,
        body.name as body,
        report.year,
        coalesce(report.path, report.url) as source
    from fact
    join report using (report_id)
    join body using (body_id)
    where fact.measure = $measure
        and report.year = $year
        and $body in (body.name, body.body_id, body.code, body.county || body.name)
),

placed as (
    select
        wanted.*,
        cast(regexp_extract(locator, '^b(\d+)', 1) as varchar) as block_text,
        regexp_extract(locator, 'r(\d+)c', 1) as row_text,
        regexp_extract(locator, 'c(\d+)', 1) as column_text
    from wanted
)

select
    placed.body,
    placed.year,
    measure.label_zh,
    coalesce(channel.label_zh, placed.category, applicant.label_zh)
        || coalesce('“' || placed.account || '”', '') as dimension,
    placed.value,
    placed.unit,
    placed.status,
    placed.bound,
    placed.raw_text,
    placed.locator,
    placed.source,
    passage.line,
    passage.page,
    passage.text,
    (
        select coalesce(list(finding.rule || ' ' || finding.outcome || '：' || finding.message order by finding.rule), [])
        from finding
        where finding.report_id = placed.report_id and list_contains(finding.places, placed.locator)
    ) as findings,
    case
        when correction.correction_id is not null
            then concat(
                correction.correction_id, '：原印 ', coalesce(placed.printed_value::text, placed.printed_status), '，',
                correction.author, ' ', correction.made_on, '，', correction.reason
            )
    end as correction
from placed
join measure on measure.measure = placed.measure
left join correction on correction.correction_id = placed.correction_id
left join channel on channel.channel = placed.channel
left join applicant on applicant.applicant = placed.applicant
left join passage
    on passage.report_id = placed.report_id
    and placed.locator like 'b%'
    and passage.block = try_cast(placed.block_text as integer)
    and coalesce(passage.cell_row, -1) = coalesce(try_cast(nullif(placed.row_text, '') as integer), -1)
    and coalesce(passage.cell_column, -1) = coalesce(try_cast(nullif(placed.column_text, '') as integer), -1)
order by placed.fact_id
