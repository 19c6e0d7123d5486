-- Question: what does a warehouse hold?
-- Grain: see the line above each table. Created empty by every build; readers open it read-only.

-- one row per build
create table build (
    build_id text primary key,
    built_at timestamp not null,
    catalogue_hash text not null,
    documents integer not null,
    reports integer not null,
    facts integer not null,
    findings integer not null,
    issues integer not null
);

-- one row per body (a name at a time: a renamed body is a new row with a predecessor)
create table body (
    body_id text primary key,
    name text not null,
    kind text not null,
    code text,
    code_system text,
    county text,
    prefecture text,
    province text,
    valid_from integer,
    valid_to integer,
    predecessor text,
    origin text not null
);

-- one row per body, year and document (or published page)
create table report (
    report_id text primary key,
    body_id text,
    year integer,
    published date,
    title text,
    index_number text,
    layout text,
    origin text not null,
    sha256 text,
    path text,
    media_type text,
    url text,
    publication_limit date
);

-- one row per printed value, long
create table fact (
    fact_id text not null,
    report_id text not null,
    measure text not null,
    applicant text,
    channel text,
    account text,
    category text,
    value double,
    unit text not null,
    status text not null,
    bound text not null,
    raw_text text not null,
    locator text not null
);

-- one row per paragraph, or per cell of a grid, of a report's document
create table passage (
    report_id text not null,
    block integer not null,
    cell_row integer,
    cell_column integer,
    row_span integer,
    column_span integer,
    text text not null,
    line integer,
    page integer,
    box_left double,
    box_top double,
    box_right double,
    box_bottom double
);

-- one row per rule, report and instance (a column, a row) it was judged on
create table finding (
    report_id text not null,
    rule text not null,
    severity text not null,
    outcome text not null,
    message text not null,
    message_en text not null,
    residual double,
    measure text,
    applicant text,
    places text[] not null
);

-- one row per thing in a document that could not be accounted for; report_id is null where none came of it
create table issue (
    report_id text,
    path text not null,
    code text not null,
    message text not null,
    raw_text text not null,
    locator text not null
);

-- one row per thing that a text says of its own figures: kept to be checked, never counted
create table claim (
    report_id text not null,
    kind text not null,
    measure text not null,
    channel text,
    value double not null,
    percent boolean not null,
    digits integer not null,
    raw_text text not null,
    locator text not null
);

-- one row per term of an equation across years
create table rule_term (
    rule text not null,
    part text not null,
    scope text not null,
    severity text not null,
    layouts text[] not null,
    side text not null,
    measure text not null,
    years_before integer not null,
    coefficient integer not null
);

-- one row per declared correction
create table correction (
    correction_id text primary key,
    body_id text,
    year integer,
    measure text,
    applicant text,
    channel text,
    action text not null,
    expected text,
    value double,
    reason text not null,
    author text not null,
    made_on date not null,
    state text not null
);

-- one row per measure of the catalogue
create table measure (
    measure text primary key,
    section text not null,
    parent text,
    unit text not null,
    kind text not null,
    layouts text[] not null,
    printed_at text,
    label_zh text not null,
    label_en text not null,
    note text,
    position integer not null
);

-- one row per applicant kind of table three
create table applicant (
    applicant text primary key,
    label_zh text not null,
    label_en text not null,
    position integer not null
);

-- one row per channel; a class is a row whose class is itself
create table channel (
    channel text primary key,
    class text not null,
    label_zh text not null,
    label_en text not null,
    position integer not null
);

-- one row per rule
create table rule (
    rule text primary key,
    severity text not null,
    formula text not null,
    label_zh text not null,
    label_en text not null,
    position integer not null
);
