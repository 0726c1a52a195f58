-- Messages that agree in one of eight bands of four places fall into one bucket: likely from an overlap of
-- (1/8)^(1/4) = 0.6 on. Buckets that an account filled with at least two different messages are templates
-- of its; those of at least three accounts are clusters. A cluster counts accounts × log(all / accounts),
-- large and rare, and an account gets the part of its messages that went into its best one.
WITH
    bucketed AS
    (
        SELECT account, message, bucket
        FROM evaluate_sketch
        ARRAY JOIN arrayMap(band -> cityHash64(band, arraySlice(minhash, 4 * band + 1, 4)), range(8)) AS bucket
    ),
    own AS
    (
        SELECT bucket, account, count() AS messages
        FROM bucketed
        GROUP BY bucket, account
        HAVING uniqExact(message) >= 2
    )
SELECT account, max(messages / asked * accounts * log({accounts:UInt32} / accounts)) AS score
FROM own
INNER JOIN (SELECT bucket, count() AS accounts FROM own GROUP BY bucket HAVING accounts >= 3) AS cluster USING (bucket)
INNER JOIN (SELECT account, count() AS asked FROM evaluate_sketch GROUP BY account) AS activity USING (account)
GROUP BY account
