-- Messages that agree in one of eight bands of four places fall into one bucket: likely from an overlap of
-- (1/8)^(1/4) = 0.6 on. Buckets that an account filled with at least two different messages are templates
-- of its; those of at least three accounts are clusters. A cluster counts accounts × log(all / accounts),
-- large and rare; an account gets its best one's, times the part of its different messages that are in any.
WITH
    bucketed AS
    (
        SELECT account, message, bucket
        FROM evaluate_sketch
        ARRAY JOIN arrayMap(band -> cityHash64(band, arraySlice(minhash, 4 * band + 1, 4)), range(8)) AS bucket
    ),
    own AS (SELECT bucket, account FROM bucketed GROUP BY bucket, account HAVING uniqExact(message) >= 2),
    cluster AS (SELECT bucket, count() AS members FROM own GROUP BY bucket HAVING members >= 3)
SELECT account, templated / asked * weight AS score
FROM
(
    SELECT account, uniqExact(message) AS templated, max(members * log({accounts:UInt32} / members)) AS weight
    FROM bucketed
    INNER JOIN cluster USING (bucket)
    WHERE (bucket, account) IN own
    GROUP BY account
) AS templates
INNER JOIN (SELECT account, uniqExact(message) AS asked FROM evaluate_sketch GROUP BY account) AS activity USING (account)
