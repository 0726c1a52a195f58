-- Messages that agree in one of eight bands of four places fall into one bucket: likely from an overlap of
-- (1/8)^(1/4) = 0.6 on. Buckets that an account filled with at least two different messages are templates
-- of its; those of three accounts or more, and of few enough to be rare, are clusters. An account gets the
-- root of its largest cluster's size, times the logarithm of how many different messages it put into any.
WITH
    bucketed AS
    (
        SELECT account, message, bucket
        FROM evaluate_sketch
        ARRAY JOIN arrayMap(band -> cityHash64(band, arraySlice(minhash, 4 * band + 1, 4)), range(8)) AS bucket
    ),
    own AS (SELECT bucket, account FROM bucketed GROUP BY bucket, account HAVING uniqExact(message) >= 2),
    cluster AS
    (
        SELECT bucket, count() AS members
        FROM own
        GROUP BY bucket
        HAVING members BETWEEN 3 AND {most:UInt32}
    )
SELECT account, sqrt(max(members)) * log(1 + uniqExact(message)) AS score
FROM bucketed
INNER JOIN cluster USING (bucket)
WHERE (bucket, account) IN own
GROUP BY account
