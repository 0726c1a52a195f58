-- Networks an account had not come from before.
SELECT account, first AS step, count() AS newNetworks
FROM
(
    SELECT account, network, min(toUInt32(intDiv(toUnixTimestamp(time) - {origin:Int64}, {step:UInt32}))) AS first
    FROM exchange
    WHERE network != 0
    GROUP BY account, network
)
GROUP BY account, step
ORDER BY step, account
