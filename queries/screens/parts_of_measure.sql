-- Question: what is a measure a part of, and what are its parts?
-- Grain: one row for its parent, one for each of its parts.

select
    case when whole.measure = $measure then 'part' else 'parent' end as relation,
    case when whole.measure = $measure then part.measure else whole.measure end as measure,
    case
        when whole.measure = $measure and $language = 'en' then part.label_en
        when whole.measure = $measure then part.label_zh
        when $language = 'en' then whole.label_en
        else whole.label_zh
    end as label
from measure as part
inner join measure as whole on whole.measure = part.parent
where part.measure = $measure or whole.measure = $measure
order by relation, part.position
