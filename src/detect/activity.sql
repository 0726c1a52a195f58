-- What every detector may count on: how much each account did in each step, and what is known of it.
SELECT
    account,
    step,
    count() AS exchanges,
    toUInt32(max(created)) AS created_day,
    max(org) AS org,
    groupBitOr(bitShiftLeft(toUInt32(1), toHour(time))) AS hours,
    countIf(status < 400) AS answered,
    sum(completion_tokens) AS tokensOut,
    countIf(turns <= 1) AS singleTurn,
    countIf(tools != 0) AS withTools,
    countIf(system != 0) AS withSystem
FROM {{exchange}}
GROUP BY account, step
ORDER BY step, account
