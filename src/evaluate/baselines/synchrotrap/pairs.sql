-- Pairs of accounts and the Jaccard similarity of what they did: an action is a clause (as the ingest keeps
-- them, keyed) in a window of time. Targets are clauses that two accounts used at all and not more than
-- {rare}; what more than {most} did in one window is left out, for pairs cost the square of it.
WITH
    action AS
    (
        SELECT DISTINCT account, phrase, toUInt32(intDiv(toUnixTimestamp(time), {window:UInt32})) AS at
        FROM exchange
        ARRAY JOIN phrases AS phrase
        WHERE phrase IN (SELECT phrase FROM exchange ARRAY JOIN phrases AS phrase GROUP BY phrase HAVING uniqExact(account) BETWEEN 2 AND {rare:UInt32})
    ),
    did AS (SELECT account, count() AS actions FROM action GROUP BY account),
    together AS
    (
        SELECT arraySort(groupArray(account)) AS accounts, at
        FROM action
        GROUP BY phrase, at
        HAVING length(accounts) BETWEEN 2 AND {most:UInt32}
    )
SELECT one, other, shared / (a.actions + b.actions - shared) AS jaccard
FROM
(
    SELECT pair.1 AS one, pair.2 AS other, count() AS shared
    FROM together
    ARRAY JOIN arrayFlatten(arrayMap(i -> arrayMap(j -> (accounts[i], accounts[j]), range(i + 1, length(accounts) + 1)), range(1, length(accounts)))) AS pair
    GROUP BY one, other
    -- Sustained: not all in one window.
    HAVING uniqExact(at) >= 2
) AS p
INNER JOIN did AS a ON p.one = a.account
INNER JOIN did AS b ON p.other = b.account
WHERE jaccard >= {least:Float64}
