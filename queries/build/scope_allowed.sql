-- Question: which bodies and reports belong to the counties that a reader may see?
-- Grain: one row per body, per county and place, per report of today, per report ever known.

create table allowed_body as
select body_id
from warehouse.body
where list_contains($counties::text[], county) or list_contains($counties::text[], left(code, 6));

create table allowed_place as
select distinct
    county,
    concat_ws(' ', province, prefecture) as place
from warehouse.body
where body_id in (select body_id from allowed_body);

create table main_report as
select report_id
from warehouse.report
where body_id in (select body_id from allowed_body);

create table past_report as
select report_id
from main_report
union
select report_id
from warehouse.past.report
where body_id in (select body_id from allowed_body)
