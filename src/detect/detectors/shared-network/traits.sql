-- Where requests came from: host (/32, /64) and network (/24, /48).
SELECT
    use.1 AS kind,
    use.2 AS trait,
    account,
    step,
    min(message) AS body
FROM {{exchange}}
ARRAY JOIN [(6, host), (7, network)] AS use
WHERE use.2 != 0
GROUP BY kind, trait, account, step
