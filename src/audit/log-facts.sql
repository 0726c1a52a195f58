-- The log as a whole: its span, and how much of it had the fields each family of evidence rests on
-- (bits of `present`: src/fingerprint/fingerprint.sql).
SELECT
    count() AS exchanges,
    uniqExact(account) AS accounts,
    toInt64(min(toUnixTimestamp64Milli(time))) AS first_ms,
    toInt64(max(toUnixTimestamp64Milli(time))) AS last_ms,
    countIf(bitAnd(present, 1) != 0) AS with_address,
    countIf(bitAnd(present, 2) != 0) AS with_agent,
    countIf(bitAnd(present, 4) != 0) AS with_created,
    countIf(bitAnd(present, 16) != 0) AS with_body,
    countIf(bitAnd(present, 32) != 0) AS with_output,
    countIf(bitAnd(present, 64) != 0) AS with_usage,
    countIf(bitAnd(present, 256) != 0) AS with_history
FROM exchange
