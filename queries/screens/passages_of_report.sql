-- Question: what does a report say, block by block?
-- Grain: one row per paragraph, or per cell of a grid, of $report in reading order.

select
    block,
    cell_row,
    cell_column,
    coalesce(row_span, 1) as row_span,
    coalesce(column_span, 1) as column_span,
    text,
    section,
    line,
    page,
    box_left,
    box_top,
    box_right,
    box_bottom
from passage
where report_id = $report
order by block, cell_row nulls first, cell_column
