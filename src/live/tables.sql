-- What a live walk remembers of the log it has walked, and room for one step. All of it is worked out anew
-- from `exchange` when a walk opens, so it needs no migration; without rows it reads as a log not begun.
DROP TABLE IF EXISTS live_use;

-- Which account used which thing (`thingKinds`), when first, and of a trait with which message and whether it
-- is a habit. One row a use, but for merges to come.
CREATE TABLE live_use
(
    thing UInt64 CODEC(ZSTD(1)),
    kind UInt8,
    account UInt64 CODEC(ZSTD(1)),
    first SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    body SimpleAggregateFunction(any, UInt64) CODEC(ZSTD(1)),
    habit SimpleAggregateFunction(max, UInt8)
)
ENGINE = Aggregating{{mergeTree}}
ORDER BY (thing, kind, account)
-- A step looks up hashes all over the table: a small granule is what one of them costs to read.
SETTINGS index_granularity = 256;

DROP TABLE IF EXISTS live_shared;

-- Traits that two accounts have a habit of, and messages that two have sent; with two who do, which is all
-- that what comes later needs to know of the others.
CREATE TABLE live_shared
(
    thing UInt64 CODEC(ZSTD(1)),
    kind UInt8,
    one UInt64 CODEC(ZSTD(1)),
    other UInt64 CODEC(ZSTD(1))
)
ENGINE = {{mergeTree}}
ORDER BY (thing, kind)
SETTINGS index_granularity = 256;

DROP TABLE IF EXISTS live_slice;

-- The exchanges of the step.
CREATE TABLE live_slice ENGINE = Memory AS SELECT *, toUInt32(0) AS step FROM exchange WHERE 0;

DROP TABLE IF EXISTS live_trait_use;

-- Uses of traits as `trait_use` has them: the step's, and earlier ones that they make matter, at step 0.
CREATE TABLE live_trait_use (trait UInt64, kind UInt8, account UInt64, step UInt32, body UInt64) ENGINE = Memory;

DROP TABLE IF EXISTS live_touched;

-- What the step's exchanges use; without `kept` it is only looked up.
CREATE TABLE live_touched
(kind UInt8, thing UInt64, account UInt64, first DateTime64(3, 'UTC'), body UInt64, habit UInt8, kept UInt8)
ENGINE = Memory;

DROP TABLE IF EXISTS live_earlier;

-- What is known from before the step of what it touches (what detectors read as earlier).
CREATE TABLE live_earlier
(kind UInt8, thing UInt64, account UInt64, first DateTime64(3, 'UTC'), body UInt64, habit UInt8)
ENGINE = Memory;

DROP TABLE IF EXISTS live_news;

-- What the step adds to `live_use`.
CREATE TABLE live_news
(kind UInt8, thing UInt64, account UInt64, first DateTime64(3, 'UTC'), body UInt64, habit UInt8)
ENGINE = Memory;
