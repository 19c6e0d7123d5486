-- Question: which counts of channels add up with each other, and which stand apart?
-- Grain: one row per fact of items_by_channel; `apart` is null where it adds up, else why it does not.
with named as (
    select
        fact.*,
        channel.class
    from fact
    left join channel using (channel)
    where fact.measure = 'items_by_channel'
)

select
    report_id,
    fact_id,
    case
        -- copies handed out and times played are no items
        when regexp_matches(raw_text, '[份张册本封次场遍]$') then 'copies'
        -- a class counted as a whole and again by its members would be counted twice
        when channel = class and exists (
            select 1
            from named as member
            where
                member.report_id = named.report_id
                and member.class = named.channel
                and member.channel <> member.class
                and member.value is not null
        ) then 'class'
    end as apart
from named
