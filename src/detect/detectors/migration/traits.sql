-- Requests that one account was refused and another sent within a minute, as a pool does that tries its next
-- key. Only the first two accounts that ever sent the message count, and the second at its first time: what
-- many send, and what comes later, changes nothing. One such request joins its two accounts at once (two
-- bodies make a habit).
WITH
    refused AS
    (
        SELECT message, account, groupArray(time) AS times
        FROM {{exchange}}
        WHERE (status IN (403, 429) OR status >= 500) AND message != 0
        GROUP BY message, account
    ),
    handed AS
    (
        SELECT message, senders[1].2 AS giver, senders[2].2 AS taker, senders[2].1 AS at, senders[2].3 AS then
        FROM
        (
            SELECT message, groupArraySorted(2)((first, account, then)) AS senders
            FROM
            (
                SELECT message, account, min(time) AS first, argMin(step, time) AS then
                FROM
                (
                    SELECT message, account, time, step FROM {{exchange}}
                    UNION ALL
                    SELECT thing AS message, account, first AS time, toUInt32(0) AS step FROM {{earlier}} WHERE kind = 2
                )
                WHERE message IN (SELECT message FROM refused)
                GROUP BY message, account
            )
            GROUP BY message
            HAVING length(senders) = 2
        )
    )
SELECT
    8 AS kind,
    -- Not the number of the message itself, by which messages in common are known.
    bitXor(message, 0x15555555555555) AS trait,
    arrayJoin([giver, taker]) AS account,
    then AS step,
    arrayJoin([1, 2]) AS body
FROM handed
INNER JOIN refused ON refused.message = handed.message AND refused.account = handed.giver
WHERE arrayExists(time -> time <= at AND at <= time + INTERVAL 60 SECOND, times)
