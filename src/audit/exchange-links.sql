-- The exchanges of suspicious accounts that show a detector's reason most: for each account a list a
-- detector, each entry what sorts it (how much it shows, negative), its time, id, file and line.
-- The lists are made from the detectors’ own expressions. What accounts of one case have in common is taken from the
-- first {sample} exchanges of each: a template shows in ten, and an account may have a million.
WITH
    suspect AS
    (
        SELECT each.1 AS account, each.2 AS part
        FROM (SELECT arrayJoin(arrayZip({accounts:Array(UInt64)}, {parts:Array(UInt32)})) AS each)
    ),
    used AS
    (
        SELECT part, account, use.1 AS kind, use.2 AS thing
        FROM
        (
            SELECT account, phrases, opening_phrases, message, system, tools, client, params, host, network, served, presented
            FROM exchange
            WHERE account IN {accounts:Array(UInt64)}
            ORDER BY time, id
            LIMIT {sample:UInt32} BY account
        ) AS e
        INNER JOIN suspect USING (account)
        ARRAY JOIN arrayConcat(
            arrayMap(phrase -> (1, phrase), arrayConcat(phrases, opening_phrases)),
            [(2, message), (3, system), (4, tools), (5, if(client = 0, 0, bitXor(client, params))), (6, host), (7, network)],
            arrayMap(answer -> (8, answer), arrayConcat(served, presented))
        ) AS use
        WHERE use.2 != 0
    ),
    common AS
    (
        SELECT part, groupArray(thing) AS shared
        FROM
        (
            SELECT part, kind, thing
            FROM used
            GROUP BY part, kind, thing
            HAVING min(account) < max(account)
            ORDER BY uniqExact(account) DESC, count() DESC, thing
            LIMIT {things:UInt32} BY part, kind
        )
        GROUP BY part
    )
SELECT
    account,
    {{shows}}
FROM exchange
INNER JOIN (SELECT account, shared FROM suspect LEFT JOIN common USING (part)) AS mine USING (account)
WHERE account IN {accounts:Array(UInt64)}
GROUP BY account
-- Each row carries its case's list: small blocks keep the copies small.
SETTINGS max_block_size = 8192
