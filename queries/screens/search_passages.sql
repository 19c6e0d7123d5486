-- Question: which passages hold all of these words, inside longer words too?
-- Grain: one row per paragraph or cell that holds all of $words (folded by pipeline.search), in reports of $bodies
-- from $first to $last (null does not narrow); newest year first, $limit of them after $offset, `hits` counts all.

with wanted as (
    select report.*
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = report.body_id
    union all
    select *
    from report
    where $bodies::text[] is null
),

searched as (
    select
        report.report_id,
        report.year,
        report.body_id,
        coalesce(body.name, '') as body,
        body.county,
        coalesce(report.url, report.path) as source
    from wanted as report
    left join body using (body_id)
    where
        report.sha256 is not null
        and ($first::integer is null or report.year >= $first::integer)
        and ($last::integer is null or report.year <= $last::integer)
),

-- the first word is the longest; the others are looked for only where it was found
holding as materialized (
    select
        report_id,
        block,
        cell_row,
        cell_column
    from passage
    semi join searched using (report_id)
    where
        case
            when contains(coalesce(folded, text), ($words::text[])[1])
                then len(
                    list_filter($words::text[], lambda word: not contains(coalesce(folded, text), word))
                ) = 0
            else false
        end
),

placed as materialized (
    select
        searched.*,
        holding.block,
        holding.cell_row,
        holding.cell_column
    from holding
    inner join searched using (report_id)
    order by
        searched.year desc nulls last,
        searched.body_id,
        searched.report_id,
        holding.block,
        holding.cell_row nulls first,
        holding.cell_column
    limit $limit::integer
    offset $offset::integer
)

select
    placed.report_id,
    placed.body,
    placed.county,
    placed.year,
    placed.source,
    passage.block,
    passage.cell_row,
    passage.cell_column,
    passage.section,
    case when passage.cell_row is null then 'prose' else 'cell' end as kind,
    passage.text,
    passage.page,
    (select count(*) from holding inner join searched using (report_id)) as hits
from placed
inner join passage
    on passage.report_id = placed.report_id
    and passage.block = placed.block
    and passage.cell_row is not distinct from placed.cell_row
    and passage.cell_column is not distinct from placed.cell_column
order by
    placed.year desc nulls last,
    placed.body_id,
    placed.report_id,
    passage.block,
    passage.cell_row nulls first,
    passage.cell_column
