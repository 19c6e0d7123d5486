-- Question: what does a report say in its own words of its year and of its problems?
-- Grain: one row per section 一 and 五 of $report, its paragraphs in reading order without tables and headings' lines alone.

select
    section,
    list(text order by block) as texts,
    min(block) as block,
    sum(length(text)) as characters
from passage
where
    report_id = $report
    and section in ('一', '五')
    and cell_row is null
    and length(text) >= 24
group by section
order by block
