-- Which account used which trait when, and with what message: the raw material of what accounts have
-- in common. Sorted by trait, so that a step looks up the traits it touched and no others.
CREATE TABLE IF NOT EXISTS trait_use
(
    trait UInt64 CODEC(ZSTD(1)),
    kind UInt8,
    account UInt64 CODEC(ZSTD(1)),
    step UInt32 CODEC(ZSTD(1)),
    body UInt64 CODEC(ZSTD(1))
)
ENGINE = {{mergeTree}}
ORDER BY (trait, account);
