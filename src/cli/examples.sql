-- Exchanges of some accounts to show a person, at most one an account and {most} in all: those that hold
-- most of the wording the accounts share, then most marks. `shared` is empty for accounts that share none.
WITH shared AS
(
    SELECT phrase FROM exchange ARRAY JOIN phrases AS phrase
    WHERE account IN {wording:Array(UInt64)}
    GROUP BY phrase HAVING count() > 1
    ORDER BY uniqExact(account) DESC, count() DESC, phrase
    LIMIT 64
)
SELECT id FROM
(
    SELECT id, account, time, bitCount(marks) AS asked,
        length(arrayIntersect(phrases, (SELECT groupArray(phrase) FROM shared))) AS common
    FROM exchange
    WHERE account IN {accounts:Array(UInt64)} AND status = 200
    ORDER BY common DESC, asked DESC, time, id
    LIMIT 1 BY account
)
ORDER BY common DESC, asked DESC, time, id
LIMIT {most:UInt32}
