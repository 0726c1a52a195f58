-- Exchanges in other hands, as far as a log shows: the client and the network are both ones that the account
-- used for the first time two days or more after its first exchange.
SELECT
    account,
    step,
    sum(exchanges) AS otherHands
FROM
(
    SELECT
        account,
        step,
        exchanges,
        min(began) OVER (PARTITION BY account) AS opened,
        min(began) OVER (PARTITION BY account, network) AS networkSince,
        min(began) OVER (PARTITION BY account, client) AS clientSince
    FROM
    (
        SELECT
            account,
            network,
            client,
            step,
            min(time) AS began,
            count() AS exchanges
        FROM {{exchange}}
        -- Nothing can change in an account with one client; windows over every row would not fit in memory.
        WHERE network != 0 AND client != 0 AND account IN (
            SELECT account
            FROM (SELECT account, client FROM {{exchange}} WHERE client != 0 UNION ALL SELECT account, 0 FROM {{earlier}} WHERE kind = 30)
            GROUP BY account
            HAVING min(client) != max(client)
        )
        GROUP BY account, network, client, step
        UNION ALL
        SELECT account, if(kind = 31, thing, 0), if(kind = 32, thing, 0), 0, first, 0 FROM {{earlier}} WHERE kind IN (30, 31, 32)
    )
)
WHERE exchanges > 0 AND networkSince >= opened + INTERVAL 2 DAY AND clientSince >= opened + INTERVAL 2 DAY
GROUP BY account, step
ORDER BY step, account
