-- Question: of which bodies is it known how many people live there, in which year, and who says so?
-- Grain: one row per body of $bodies and year of which a source states it, newest year first.

select
    population.body_id,
    body.name as body,
    population.year as population_year,
    population.residents,
    population.source as population_source,
    population.url
from population
inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
    on wanted.wanted_id = population.body_id
inner join body using (body_id)
order by population.year desc, population.body_id
