-- Question: what are the terms of a formula called?
-- Grain: one row per measure and per kind of applicant.

select
    measure as code,
    case when $language = 'en' then label_en else label_zh end as label
from measure
union all
select
    applicant as code,
    case when $language = 'en' then label_en else label_zh end as label
from applicant
