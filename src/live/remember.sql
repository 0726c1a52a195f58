-- What is shared from this step on, and what it used.
INSERT INTO live_shared
SELECT thing, kind, min(account) AS one, max(account) AS other
FROM
(
    SELECT kind, thing, account FROM live_news WHERE habit OR kind = 2
    UNION ALL
    SELECT kind, thing, account FROM live_earlier WHERE (habit OR kind = 2) AND (thing, kind) IN (SELECT thing, kind FROM live_news)
)
WHERE (thing, kind) NOT IN (SELECT thing, kind FROM live_shared WHERE (thing, kind) IN (SELECT thing, kind FROM live_news))
GROUP BY thing, kind
HAVING one < other;

INSERT INTO live_use SELECT thing, kind, account, first, body, habit FROM live_news;
