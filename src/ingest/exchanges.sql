-- Canonical rows of the wanted exchanges, under the hashes that the store knows them by.
WITH (kind, text) -> bitShiftRight(sipHash64Keyed(({k0:UInt64}, {k1:UInt64}), concat(kind, '\0', text)), 11) AS h
SELECT
    h('exchange', c.id) AS id,
    h('account', c.account) AS account,
    c.id AS log_id,
    toUnixTimestamp64Milli(c.time) AS time_ms,
    c.path AS path,
    c.model AS model,
    c.roles AS roles,
    c.contents AS contents,
    c.output AS output,
    c.finish_reason AS finish_reason
FROM
(
{{canonical}}
) AS c
WHERE c.problem = '' AND h('exchange', c.id) IN {ids:Array(UInt64)}
