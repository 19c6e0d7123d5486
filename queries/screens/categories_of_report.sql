-- Question: which categories does one report list, and do they add up to its total?
-- Grain: one row per category of $report in the order printed; sum, total and difference repeat on each row.

with stated as (
    select
        value,
        fact_id
    from fact
    where report_id = $report and measure = 'items_disclosed' and value is not null
    order by fact_id
    limit 1
)

select
    fact.category,
    fact.channel,
    fact.value,
    fact.status,
    fact.bound,
    fact.fact_id,
    fact.unit,
    sum(fact.value) over () as listed,
    count(*) over () as categories,
    stated.value as total,
    sum(fact.value) over () - stated.value as difference
from fact
left join stated on true
where fact.report_id = $report and fact.measure = 'items_by_category'
order by
    try_cast(regexp_extract(fact.locator, '^b(\d+)', 1) as integer),
    try_cast(regexp_extract(fact.locator, ':(\d+)-', 1) as integer),
    fact.fact_id
