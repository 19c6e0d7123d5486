-- Question: which figures could a correction of a measure of a body's report speak of, and in what text do they stand?
-- Grain: one row per passage of the block that a figure stands in; $applicant, $channel and $category may be null.
select
    report.body_id,
    fact.fact_id,
    fact.printed_value,
    fact.printed_status,
    fact.locator,
    passage.cell_row,
    passage.cell_column,
    passage.row_span,
    passage.column_span,
    passage.text
from fact
join report using (report_id)
join body using (body_id)
left join passage
    on passage.report_id = fact.report_id
    and passage.block = try_cast(regexp_extract(fact.locator, '^b(\d+)', 1) as integer)
where fact.measure = $measure
    and report.year = $year
    and $body in (body.name, body.body_id, body.code, body.county || body.name)
    and fact.applicant is not distinct from $applicant
    and fact.channel is not distinct from $channel
    and fact.category is not distinct from $category
order by fact.fact_id, passage.cell_row, passage.cell_column
