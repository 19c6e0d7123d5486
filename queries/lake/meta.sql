-- Question: none. What a lake remembers beside the warehouse's tables: who holds what, who may write on.
-- Grain: `publication` one row per publication; `holding` one per writer and bundle, `aside` where another writer's copy
-- of the same report or body counts; `county_writer` one per county and writer whose rows count there, kept for good;
-- `turn` a single row that every publication changes, so that of two that overlap the second is refused.
create schema if not exists warehouse.past;
create schema if not exists warehouse.aside;
create schema if not exists warehouse.lake;
create table if not exists warehouse.lake.publication (
    number integer, writer text, build_id text, built_at timestamp, version text, catalogue_hash text, program text,
    documents integer, published_at timestamp
);
create table if not exists warehouse.lake.holding (writer text, bundle text, digest text, aside boolean);
create table if not exists warehouse.lake.county_writer (county text, writer text);
create table if not exists warehouse.lake.turn (number integer);
