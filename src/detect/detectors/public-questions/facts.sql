-- Messages that more than one account has sent, word for word: one for each account that has, in the
-- step from which both are known.
SELECT account, greatest(first, second) AS step, count() AS commonMessages
FROM
(
    SELECT
        arraySort(groupArray((step, account))) AS uses,
        uses[2].1 AS second
    FROM
    (
        SELECT message, account, min(toUInt32(intDiv(toUnixTimestamp(time) - {origin:Int64}, {step:UInt32}))) AS step
        FROM exchange
        WHERE message IN (SELECT message FROM exchange WHERE message != 0 GROUP BY message HAVING min(account) < max(account))
        GROUP BY message, account
    )
    GROUP BY message
)
ARRAY JOIN uses.1 AS first, uses.2 AS account
GROUP BY account, step
ORDER BY step, account
