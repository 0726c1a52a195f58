-- Everything a walk must remember of the log that it begins after.
INSERT INTO live_use
SELECT trait, kind, account, toDateTime64(0, 3, 'UTC'), any(body) AS one, min(body) != max(body)
FROM ({{traits}})
GROUP BY trait, kind, account;

INSERT INTO live_use SELECT thing, kind, account, first, 0, 0 FROM ({{things}}) WHERE kind != 24;

-- Answers presented by accounts that had not been served them.
INSERT INTO live_use
SELECT p.thing, 24, p.account, p.first, 0, 0
FROM (SELECT thing, account, first FROM ({{things}}) WHERE kind = 24) AS p
LEFT JOIN (SELECT thing, account, first, 1 AS known FROM live_use WHERE kind = 23) AS s USING (thing, account)
WHERE NOT s.known OR s.first >= p.first;

INSERT INTO live_shared
SELECT thing, kind, min(account) AS one, max(account) AS other
FROM live_use
WHERE kind = 2 OR (kind < 20 AND habit)
GROUP BY thing, kind
HAVING one < other
