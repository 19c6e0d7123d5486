-- Question: in which years can places not be followed on, because the model or the national form changed?
-- Grain: one row per such year after $first up to $last.

select
    first_year as year,
    'model' as what,
    case when $language = 'en' then label_en else label_zh end as label
from scoring_model
where first_year > $first and first_year <= $last
union all
select
    first_year as year,
    'form' as what,
    case when $language = 'en' then label_en else label_zh end as label
from layout
where first_year > $first and first_year <= $last
order by year, what
