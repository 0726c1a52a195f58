-- One row per exchange: keyed fingerprints and numbers, never text. Hashes are 53 bits wide, so that
-- they are exact as JavaScript numbers; at 10 million distinct values that is 0.006 expected
-- collisions (n^2 / 2^54), each of which costs one wrong edge and no verdict.
CREATE TABLE IF NOT EXISTS exchange
(
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    id UInt64 CODEC(ZSTD(1)),
    account UInt64 CODEC(ZSTD(1)),
    api_key UInt64 CODEC(ZSTD(1)),
    org UInt64 CODEC(ZSTD(1)),
    host UInt64 CODEC(ZSTD(1)),
    network UInt64 CODEC(ZSTD(1)),
    country LowCardinality(String),
    created Date,
    agent UInt64 CODEC(ZSTD(1)),
    client UInt64 CODEC(ZSTD(1)),
    params UInt64 CODEC(ZSTD(1)),
    path LowCardinality(String),
    model LowCardinality(String),
    status UInt16,
    system UInt64 CODEC(ZSTD(1)),
    tools UInt64 CODEC(ZSTD(1)),
    opening UInt64 CODEC(ZSTD(1)),
    message UInt64 CODEC(ZSTD(1)),
    phrases Array(UInt64) CODEC(ZSTD(1)),
    opening_phrases Array(UInt64) CODEC(ZSTD(1)),
    conversation UInt64 CODEC(ZSTD(1)),
    turns UInt16,
    message_chars UInt32,
    prompt_tokens UInt32,
    completion_tokens UInt32,
    latency_ms UInt32,
    finish_reason LowCardinality(String),
    marks UInt32,
    present UInt32,
    served Array(UInt64) CODEC(ZSTD(1)),
    presented Array(UInt64) CODEC(ZSTD(1)),
    file_no UInt32,
    line_no UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = {{mergeTree}}
PARTITION BY toYYYYMM(time)
ORDER BY (time, id);

-- Where rows are written: it keeps none itself, the views below divide them between the tables. One pass
-- fills all four; a second copy of each row cost a quarter of the speed (measured).
CREATE TABLE IF NOT EXISTS incoming
(
    time DateTime64(3, 'UTC'),
    id UInt64,
    account UInt64,
    api_key UInt64,
    org UInt64,
    host UInt64,
    network UInt64,
    country LowCardinality(String),
    created Date,
    agent UInt64,
    client UInt64,
    params UInt64,
    path LowCardinality(String),
    model LowCardinality(String),
    status UInt16,
    system UInt64,
    tools UInt64,
    opening UInt64,
    message UInt64,
    phrases Array(UInt64),
    opening_phrases Array(UInt64),
    conversation UInt64,
    turns UInt16,
    message_chars UInt32,
    prompt_tokens UInt32,
    completion_tokens UInt32,
    latency_ms UInt32,
    finish_reason LowCardinality(String),
    marks UInt32,
    present UInt32,
    served Array(UInt64),
    presented Array(UInt64),
    file_no UInt32,
    line_no UInt64,
    problem LowCardinality(String),
    line_hash UInt64,
    sealed_account String
)
ENGINE = Null;

-- Real account ids, sealed under the secret (AES-256-GCM): the one way back from a pseudonym.
CREATE TABLE IF NOT EXISTS account_name
(
    account UInt64,
    sealed String
)
ENGINE = Replacing{{mergeTree}}
ORDER BY account;

-- Lines that could not be used; `rejected.jsonl` is written from these.
CREATE TABLE IF NOT EXISTS rejected
(
    file_no UInt32,
    line_no UInt64,
    problem LowCardinality(String)
)
ENGINE = {{mergeTree}}
ORDER BY (file_no, line_no);

-- How many rows each file gave, by problem ('' for none), counted as they pass.
CREATE TABLE IF NOT EXISTS tally
(
    file_no UInt32,
    problem LowCardinality(String),
    rows SimpleAggregateFunction(sum, UInt64),
    last_line SimpleAggregateFunction(max, UInt64)
)
ENGINE = Aggregating{{mergeTree}}
ORDER BY (file_no, problem);

-- Rows of `exchange` that came before under the same id; emptied after each use.
CREATE TABLE IF NOT EXISTS repeated
(
    id UInt64,
    file_no UInt32,
    line_no UInt64
)
ENGINE = {{mergeTree}}
ORDER BY (id, file_no, line_no);

-- Which files were read. A file without a row here was not committed, and what it left is swept away.
CREATE TABLE IF NOT EXISTS source_file
(
    file_no UInt32,
    name String,
    bytes UInt64,
    modified_ms UInt64,
    -- Keyed hash of the file's first bytes: tells a file that grew from a new one under an old name.
    head String,
    format LowCardinality(String),
    lines UInt64,
    exchanges UInt64,
    -- Rows dropped since because they were older than the log is kept.
    expired UInt64,
    rejected Map(LowCardinality(String), UInt64),
    committed DateTime64(3, 'UTC')
)
ENGINE = Replacing{{mergeTree}}(committed)
ORDER BY file_no;

CREATE MATERIALIZED VIEW IF NOT EXISTS incoming_exchange TO exchange AS
SELECT * EXCEPT (problem, line_hash, sealed_account) FROM incoming WHERE problem = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS incoming_account TO account_name AS
SELECT account, any(sealed_account) AS sealed FROM incoming WHERE problem = '' GROUP BY account;

CREATE MATERIALIZED VIEW IF NOT EXISTS incoming_rejected TO rejected AS
SELECT file_no, line_no, problem FROM incoming WHERE problem != '';

CREATE MATERIALIZED VIEW IF NOT EXISTS incoming_tally TO tally AS
SELECT file_no, problem, count() AS rows, max(line_no) AS last_line FROM incoming GROUP BY file_no, problem;
