-- One row a message while baselines run: keyed hashes only, as everywhere else.
CREATE TABLE evaluate_sketch
(
    account UInt64 CODEC(ZSTD(1)),
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    message UInt64 CODEC(ZSTD(1)),
    minhash Array(UInt16) CODEC(ZSTD(1))
)
ENGINE = {{mergeTree}}
ORDER BY (account, time, message)
