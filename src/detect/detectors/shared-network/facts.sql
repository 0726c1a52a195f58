-- Networks an account had not come from before.
SELECT account, first AS step, count() AS newNetworks
FROM
(
    SELECT account, network, min(step) AS first
    FROM {{exchange}}
    WHERE network != 0
    GROUP BY account, network
)
WHERE (network, account) NOT IN (SELECT thing, account FROM {{earlier}} WHERE kind = 7)
GROUP BY account, step
ORDER BY step, account
