-- Question: what does a warehouse hold?
-- Grain: see the line above each table. The first build creates it; each later one goes on from a copy of the last.
-- `known_from` is when a row became what we knew; rows no longer true move to the schema `past` with `known_until`.
-- New columns must allow null: a build carries the rows of an older warehouse over by the names of its columns.

-- one row per build; the newest has the highest number
create table build (
    number integer not null,
    build_id text not null,
    built_at timestamp not null,
    version text not null,
    catalogue_hash text not null,
    documents integer not null,
    files_read integer not null,
    reports integer not null,
    facts integer not null,
    findings integer not null,
    issues integer not null
);

-- one row per file of the folders of documents, as the last build found it; `same_as` holds the hashes of its documents
-- that other files hold too
create table source_file (
    file text primary key,
    size bigint not null,
    modified bigint not null,
    sha256 text not null,
    declared text not null,
    same_as text[] not null
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
    publication_limit date,
    file text,
    known_from timestamp
);

-- one row per printed value, long; `value` and `status` are those in force, `printed_value` and `printed_status` what is
-- printed: they differ where `correction_id` says so
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
    locator text not null,
    printed_value double,
    printed_status text,
    correction_id text,
    -- what the number can fairly mean: 300余 is 300 to 399
    least double,
    most double,
    known_from timestamp
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
    box_bottom double,
    folded text, -- the text as words are looked for in it, where that differs from the text
    section text, -- 一 to 六, null before the first heading
    known_from timestamp
);

-- one row per rule, report and instance (a column, a row) it was judged on; `across` where other reports entered;
-- `decision` is what somebody decided of it: accepted (the printed slip is the publisher's) or dismissed
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
    places text[] not null,
    across boolean,
    decision text,
    correction_id text,
    known_from timestamp
);

-- one row per section of a report that was compared, against last year's report or the likest neighbour's
create table similarity (
    report_id text not null,
    section text not null,
    against text not null,
    other_report_id text not null,
    share double not null,
    runs integer not null, -- runs of characters in both sections: how much the share weighs
    places text[] not null,
    other_places text[] not null
);

-- one row per thing in a document that could not be accounted for; report_id is null where none came of it
create table issue (
    report_id text,
    path text not null,
    code text not null,
    message text not null,
    message_en text,
    raw_text text not null,
    locator text not null,
    file text,
    known_from timestamp
);

-- one row per thing that a text says of its own figures: kept to be checked, never counted; of a channel that it says
-- is not opened or closed (`kind`) there is no value
create table claim (
    report_id text not null,
    kind text not null,
    measure text not null,
    channel text,
    value double,
    percent boolean not null,
    digits integer not null,
    raw_text text not null,
    locator text not null,
    known_from timestamp
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

-- one row per declared correction or decision; `state` is applied, reopened (what it was made on has changed) or
-- unmatched (there is no such report or figure)
create table correction (
    correction_id text primary key,
    action text not null,
    body_id text not null,
    year integer not null,
    measure text,
    applicant text,
    channel text,
    category text,
    rule text,
    expected text,
    guard text,
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

-- one row per channel; a class is a row whose class is itself; `synonyms` are the words it is known by
create table channel (
    channel text primary key,
    class text not null,
    label_zh text not null,
    label_en text not null,
    position integer not null,
    synonyms text[]
);

-- one row per rule; `cause` is what a break of it speaks of: arithmetic, change or form
create table rule (
    rule text primary key,
    severity text not null,
    formula text not null,
    label_zh text not null,
    label_en text not null,
    position integer not null,
    cause text
);

-- one row per part of a rule: its formula, the forms it is asked of, and what it rests on
create table rule_part (
    rule text not null,
    part text not null,
    severity text not null,
    cause text not null,
    kind text not null,
    layouts text[] not null,
    scope text not null,
    formula text not null,
    label_zh text not null,
    label_en text not null,
    source text not null,
    position integer not null
);

-- one row per cell that a form prints: the labels of its row and column; `*` is a column for each applicant
create table layout_line (
    layout text not null,
    "table" text not null,
    measure text not null,
    channel text,
    rows text[] not null,
    columns text[] not null,
    aliases text[] not null,
    required boolean not null,
    position integer not null
);

-- one row per form; narrative has no years and no cells
create table layout (
    layout text primary key,
    first_year integer,
    last_year integer,
    label_zh text not null,
    label_en text not null,
    position integer not null
);

-- one row per measure (or channel of it) and pair of neighbouring forms: may a line be drawn from one to the other?
create table comparability (
    measure text not null,
    channel text,
    from_layout text not null,
    to_layout text not null,
    joins text not null,
    terms text[] not null,
    note_zh text not null,
    note_en text not null
);

-- one row per kind of body and span of years: the day of the next year by which reports are published
create table publication_limit (
    kind text not null,
    first_year integer,
    last_year integer,
    month_day text not null
);

-- one row per body and year for which a source states how many people live there
create table population (
    body_id text not null,
    year integer not null,
    residents integer not null,
    source text not null,
    url text not null
);

-- one row per scoring model and the years it judges; below `least_assessable` percent of the weight nobody is ranked;
-- `digest` changes with anything that is declared of scores
create table scoring_model (
    model text primary key,
    first_year integer,
    last_year integer,
    least_assessable double not null,
    label_zh text not null,
    label_en text not null,
    source text not null,
    digest text not null
);

-- one row per block of indicators; `takes_over` where the weight of what had nothing to be judged goes to it
create table scoring_block (
    block text primary key,
    takes_over boolean not null,
    label_zh text not null,
    label_en text not null,
    note_zh text not null,
    note_en text not null,
    position integer not null
);

-- one row per indicator of a model; `effort` is 1 (correct this report), 2 (write the next one so), 3 (work of a year)
create table indicator (
    model text not null,
    indicator text not null,
    block text not null,
    weight double not null,
    formula text not null,
    effort integer,
    label_zh text not null,
    label_en text not null,
    rule_zh text not null,
    rule_en text not null,
    missing_zh text,
    missing_en text,
    advice_zh text,
    advice_en text,
    source text not null,
    position integer not null
);

-- one row per measure, rule, section, class or tag that an indicator is computed from; `part` is what it counts as there
create table indicator_input (
    model text not null,
    indicator text not null,
    part text not null,
    input text not null,
    weight double,
    position integer not null
);

-- one row per number that an indicator's formula needs
create table indicator_parameter (
    model text not null,
    indicator text not null,
    name text not null,
    value double not null
);

-- one row per preset and indicator
create table scoring_preset (
    preset text not null,
    model text not null,
    indicator text not null,
    weight double not null,
    label_zh text not null,
    label_en text not null,
    note_zh text not null,
    note_en text not null,
    position integer not null
);

-- one row per kind of body that is ranked, and the group in which
create table peer_group (
    kind text primary key,
    peer_group text not null,
    label_zh text not null,
    label_en text not null,
    position integer not null
);

-- one row per kind of content that a text can name; `words` where the pattern is no more than these
create table tag (
    tag text primary key,
    pattern text not null,
    words text[] not null,
    label_zh text not null,
    label_en text not null,
    position integer not null
);

-- what was known once: the rows of a reading that a later build found changed, withdrawn or corrected
create schema past;
create table past.report as select *, null::timestamp as known_until from report limit 0;
create table past.fact as select *, null::timestamp as known_until from fact limit 0;
create table past.passage as select *, null::timestamp as known_until from passage limit 0;
create table past.finding as select *, null::timestamp as known_until from finding limit 0;
create table past.issue as select *, null::timestamp as known_until from issue limit 0;
create table past.claim as select *, null::timestamp as known_until from claim limit 0;
