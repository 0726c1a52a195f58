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
        SELECT message, account, min(at) AS step
        FROM
        (
            SELECT message, account, min(step) AS at
            FROM {{exchange}}
            WHERE message IN (
                SELECT message
                FROM (SELECT message, account FROM {{exchange}} WHERE message != 0 UNION ALL SELECT thing, account FROM {{earlier}} WHERE kind = 2)
                GROUP BY message
                HAVING min(account) < max(account)
            )
            GROUP BY message, account
            UNION ALL
            SELECT thing AS message, account, toUInt32(0) AS at FROM {{earlier}} WHERE kind = 2
        )
        GROUP BY message, account
    )
    GROUP BY message
)
ARRAY JOIN uses.1 AS first, uses.2 AS account
WHERE length(uses) > 1 AND step >= {from:UInt32}
GROUP BY account, step
ORDER BY step, account
