-- How the API is used: client with its parameters, system prompt, tool set.
SELECT
    use.1 AS kind,
    use.2 AS trait,
    account,
    step,
    min(message) AS body
FROM {{exchange}}
ARRAY JOIN [(3, system), (4, tools), (5, if(client = 0, 0, bitXor(client, params)))] AS use
WHERE use.2 != 0
GROUP BY kind, trait, account, step
