-- Networks (/24, /48) that a few accounts share.
SELECT groupUniqArray(account) AS accounts
FROM exchange
WHERE network != 0
GROUP BY network
HAVING uniqExact(account) BETWEEN 2 AND {most:UInt32}
