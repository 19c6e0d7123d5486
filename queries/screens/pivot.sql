-- Question: what do the figures of some measures come to, laid out by two things, and on how many does each sum rest?
-- Grain: one row per cell of $rows against $columns, both of: body, year, kind, layout, measure, channel, applicant,
-- status, none. Where a channel or applicant is asked for its parts count, else each report's one figure for a measure.
-- A figure is owed by each report due; where it is not there its status says why: absent, missing (no report).
-- What is counted apart (copies, a class beside its members) enters no sum. Beside the cells stand the totals over all
-- rows, over all columns and over both (`rows_of`, `columns_of` = all).

with owed as (
    select
        expected_report.body_id,
        expected_report.year,
        expected_report.report_id,
        expected_report.state,
        body.name,
        body.kind,
        report_form.form as layout
    from expected_report
    inner join (select distinct unnest($bodies::text[]) as wanted_id) as wanted
        on wanted.wanted_id = expected_report.body_id
    join body using (body_id)
    left join report_form using (report_id)
    where
        expected_report.year between $first and $last
        and expected_report.state <> 'not_due'
),

chosen as (
    select *
    from measure
    where list_contains($measures, measure)
),

-- by parts: what each report says of each applicant or channel
part_stated as (
    select
        fact.report_id,
        fact.measure,
        case when $part = 'applicant' then fact.applicant else fact.channel end as part,
        fact.value,
        fact.status,
        fact.bound,
        fact.fact_id
    from fact
    join (select distinct report_id from owed) as held on held.report_id = fact.report_id
    join chosen using (measure)
    left join channel_count
        on channel_count.report_id = fact.report_id
        and channel_count.fact_id = fact.fact_id
    where
        $part <> 'none'
        and channel_count.apart is null
        and case
            when $part = 'applicant' then fact.applicant is not null and fact.applicant <> 'total'
            else fact.channel is not null
        end
),

part_given as (
    -- accounts of one channel add up; with one of them missing there is no sum
    select
        report_id,
        measure,
        part,
        case when count(value) = count(*) then sum(value) end as value,
        case when count(value) = count(*) then 'reported' when count(distinct status) = 1 then min(status) else 'incomplete' end
            as status,
        case when count(distinct bound) = 1 then min(bound) else 'about' end as bound,
        case when count(*) = 1 then any_value(fact_id) end as fact_id
    from part_stated
    group by report_id, measure, part
),

part as (
    select distinct
        measure,
        part
    from part_stated
    where report_id in (select report_id from owed)
),

stated as (
    select
        figure.report_id,
        figure.measure,
        figure.value,
        figure.status,
        figure.bound,
        figure.fact_id
    from figure
    join owed using (report_id)
    where $part = 'none'
),

cell as (
    select
        owed.*,
        chosen.measure,
        part.part,
        part_given.value,
        case
            when owed.state = 'missing' then 'missing'
            when owed.state = 'unreadable' then 'unreadable'
            else coalesce(part_given.status, 'absent')
        end as status,
        part_given.bound,
        part_given.fact_id
    from owed
    cross join chosen
    join part using (measure)
    left join part_given
        on part_given.report_id = owed.report_id
        and part_given.measure = chosen.measure
        and part_given.part = part.part
    where $part <> 'none'
    union all by name
    select
        owed.*,
        chosen.measure,
        null as part,
        stated.value,
        case
            when owed.state = 'missing' then 'missing'
            when owed.state = 'unreadable' then 'unreadable'
            else coalesce(stated.status, 'absent')
        end as status,
        stated.bound,
        stated.fact_id
    from owed
    cross join chosen
    left join stated
        on stated.report_id = owed.report_id
        and stated.measure = chosen.measure
    where $part = 'none'
),

named as (
    select
        cell.*,
        chosen.unit,
        {
            'none': {'code': '', 'label': '', 'place': null::text},
            'body': {'code': cell.body_id, 'label': cell.name, 'place': cell.body_id},
            'year': {'code': cell.year::text, 'label': cell.year::text, 'place': cell.year::text},
            'kind': {'code': cell.kind, 'label': cell.kind, 'place': cell.kind},
            'layout': {'code': coalesce(cell.layout, 'missing'), 'label': coalesce(cell.layout, 'missing'),
                'place': coalesce(layout.position::text, '9')},
            'measure': {'code': cell.measure,
                'label': case when $language = 'en' then chosen.label_en else chosen.label_zh end,
                'place': lpad(chosen.position::text, 4, '0')},
            'part': {'code': coalesce(cell.part, ''),
                'label': case
                    when $language = 'en' then coalesce(applicant.label_en, channel.label_en, cell.part, '')
                    else coalesce(applicant.label_zh, channel.label_zh, cell.part, '')
                end,
                'place': lpad(coalesce(applicant.position, channel.position, 9999)::text, 4, '0')},
            'status': {'code': cell.status, 'label': cell.status,
                'place': case when cell.status = 'reported' then '' else cell.status end}
        } as told
    from cell
    join chosen using (measure)
    left join layout on layout.layout = cell.layout
    left join applicant on $part = 'applicant' and applicant.applicant = cell.part
    left join channel on $part = 'channel' and channel.channel = cell.part
),

laid as (
    select
        *,
        case $rows
            when 'body' then told.body when 'year' then told.year when 'kind' then told.kind when 'layout' then told.layout
            when 'measure' then told.measure when 'applicant' then told.part when 'channel' then told.part
            when 'status' then told.status else told.none
        end as across,
        case $columns
            when 'body' then told.body when 'year' then told.year when 'kind' then told.kind when 'layout' then told.layout
            when 'measure' then told.measure when 'applicant' then told.part when 'channel' then told.part
            when 'status' then told.status else told.none
        end as down
    from named
),

grouped as (
    select
        across,
        down,
        case when grouping(across) = 1 then 'all' else 'one' end as rows_of,
        case when grouping(down) = 1 then 'all' else 'one' end as columns_of,
        count(*) as due,
        count(value) as n,
        count(*) filter (where value = 0) as zeros,
        case $value
            when 'sum' then sum(value)
            when 'median' then median(value)
            when 'count' then case when 'status' in ($rows, $columns) then count(*) else count(value) end
        end as value,
        coalesce(bool_or(bound <> 'exact') filter (where value is not null), false) as holds_bound,
        case when count(*) = 1 then any_value(bound) end as bound,
        case when count(distinct unit) = 1 then any_value(unit) end as unit,
        case when count(*) = 1 then any_value(status) end as status,
        case when count(*) = 1 then any_value(report_id) end as report_id,
        case when count(*) = 1 then any_value(fact_id) end as fact_id
    from laid
    group by grouping sets ((across, down), (across), (down), ())
)

select
    across.code as row_code,
    across.label as row_label,
    down.code as column_code,
    down.label as column_label,
    rows_of,
    columns_of,
    due,
    n,
    zeros,
    value,
    holds_bound,
    bound,
    unit,
    status,
    report_id,
    fact_id,
    (select count(*) from laid) as all_due,
    (select count(value) from laid) as all_n,
    (select count(*) from grouped where rows_of = 'one' and columns_of = 'one') as cells
from grouped
-- the empty laying-out has one group too, of nothing
where due > 0
-- totals come last, and none is cut off
qualify row_number() over (
    partition by rows_of, columns_of order by across.place, across.label, across.code, down.place, down.label
) <= $limit
order by
    rows_of desc,
    columns_of desc,
    across.place,
    across.label,
    across.code,
    down.place,
    down.label
