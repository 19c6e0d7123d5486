-- Question: what do the four printed sums of table three come to, over the reports of $reports together?
-- Grain: one row; a step that no report printed is null, and the `_reported` columns say how many did.

with printed as (
    select
        measure,
        value
    from figure
    inner join (select distinct unnest($reports::text[]) as wanted_id) as wanted
        on wanted.wanted_id = figure.report_id
)

select
    sum(value) filter (where measure = 'requests_received') as received,
    sum(value) filter (where measure = 'requests_carried_in') as carried_in,
    sum(value) filter (where measure = 'requests_closed') as closed,
    sum(value) filter (where measure = 'requests_carried_out') as carried_out,
    count(*) filter (where measure = 'requests_received' and value = 0) as received_zeros,
    count(value) filter (where measure = 'requests_received') as received_reported,
    count(value) filter (where measure = 'requests_carried_in') as carried_in_reported,
    count(value) filter (where measure = 'requests_closed') as closed_reported,
    count(value) filter (where measure = 'requests_carried_out') as carried_out_reported,
    (select unit from measure where measure = 'requests_received') as unit
from printed
