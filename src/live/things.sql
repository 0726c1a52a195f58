-- First uses, in a window, of things that are no traits (numbers: `thingKinds`).
SELECT 2 AS kind, message AS thing, account, min(time) AS first
FROM {{exchange}}
WHERE message != 0
GROUP BY thing, account
UNION ALL
SELECT 20 AS kind, params AS thing, account, min(time) AS first
FROM {{exchange}}
WHERE bitAnd(marks, 32) != 0
GROUP BY thing, account
UNION ALL
SELECT answer.1 AS kind, answer.2 AS thing, account, min(time) AS first
FROM {{exchange}}
ARRAY JOIN arrayConcat(arrayMap(hash -> (23, hash), served), arrayMap(hash -> (24, hash), presented)) AS answer
GROUP BY kind, thing, account
UNION ALL
SELECT hand.1 AS kind, hand.2 AS thing, account, min(time) AS first
FROM {{exchange}}
ARRAY JOIN [(30, account), (31, network), (32, client)] AS hand
WHERE network != 0 AND client != 0
GROUP BY kind, thing, account
