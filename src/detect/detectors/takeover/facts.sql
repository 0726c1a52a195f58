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
        toUInt32(intDiv(toUnixTimestamp(began) - {origin:Int64}, {step:UInt32})) AS step,
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
            min(time) AS began,
            count() AS exchanges
        FROM exchange
        -- Nothing can change in an account with one client; windows over every row would not fit in memory.
        WHERE network != 0 AND client != 0 AND account IN (
            SELECT account FROM exchange WHERE client != 0 GROUP BY account HAVING min(client) != max(client)
        )
        GROUP BY account, network, client, intDiv(toUnixTimestamp(time) - {origin:Int64}, {step:UInt32})
    )
)
WHERE networkSince >= opened + INTERVAL 2 DAY AND clientSince >= opened + INTERVAL 2 DAY
GROUP BY account, step
ORDER BY step, account
