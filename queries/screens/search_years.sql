-- Question: in how many reports of each year do all of these words stand together in a passage?
-- Grain: one row per year of which reports of $bodies from $first to $last are held, newest first.

with searched as (
    select
        report_id,
        year
    from report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = body_id
    where
        sha256 is not null
        and year between $first::integer and $last::integer
),

-- the first word is the longest; the others are looked for only where it was found
holding as (
    select
        report_id,
        count(*) as passages
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
    group by report_id
)

select
    searched.year,
    count(*) as held,
    count(holding.report_id) as reports,
    sum(holding.passages)::integer as passages
from searched
left join holding using (report_id)
group by searched.year
order by searched.year desc
