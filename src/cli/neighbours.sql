-- The accounts that use the API most as the subject does, {most} of them, without those in `except`: by the
-- parts of their exchanges with a system prompt, tools, one turn and a mark, and by how much they ask and
-- are told. A factor of sixteen in volume weighs as much as the whole difference in a part.
WITH profile AS
(
    SELECT account,
        avg(system != 0) AS systems,
        avg(tools != 0) AS tooled,
        avg(turns <= 2) AS single,
        avg(marks != 0) AS marked,
        log2(count()) / 4 AS volume,
        avg(log2(1 + completion_tokens)) / 4 AS told
    FROM exchange
    GROUP BY account
)
SELECT account FROM profile
CROSS JOIN
(
    SELECT avg(systems) AS s, avg(tooled) AS t, avg(single) AS o, avg(marked) AS m, avg(volume) AS v, avg(told) AS l
    FROM profile WHERE account IN {subject:Array(UInt64)}
) AS mine
WHERE account NOT IN {except:Array(UInt64)}
ORDER BY pow(systems - s, 2) + pow(tooled - t, 2) + pow(single - o, 2) + pow(marked - m, 2)
    + pow(volume - v, 2) + pow(told - l, 2), account
LIMIT {most:UInt32}
