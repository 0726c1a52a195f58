-- n · MMD² (unbiased, Gretton et al. 2012, eq. 3) between the messages of each account and those of the
-- population, under the resemblance kernel k(x, y) = share of equal places of two sketches. With b = 8 bits
-- a place this is an inner product of one-hot vectors (Li & König 2011), so that sums over pairs come from
-- counts of (place, value): no pair is ever formed.
WITH
    sampled AS
    (
        -- In an order that the account cannot choose.
        SELECT account, minhash, row_number() OVER (PARTITION BY account ORDER BY cityHash64(time, message)) AS turn
        FROM evaluate_sketch
        QUALIFY turn <= {most:UInt32}
    ),
    cell AS
    (
        SELECT account, place, value, count() AS own, countIf(turn <= {mostInPopulation:UInt32}) AS shared
        FROM (SELECT account, turn, place, value % 256 AS value FROM sampled ARRAY JOIN minhash AS value, arrayEnumerate(minhash) AS place)
        GROUP BY account, place, value
    ),
    everyone AS (SELECT place, value, sum(shared) AS common FROM cell GROUP BY place, value HAVING common > 0),
    (SELECT (count(), countIf(turn <= {mostInPopulation:UInt32})) FROM sampled) AS counts,
    counts.2 AS population,
    (SELECT sum(common * common) FROM everyone) AS squares,
    (squares / {places:UInt32} - population) / (population * (population - 1)) AS among_everyone
SELECT
    account,
    n * ((own_squares / {places:UInt32} - n) / (n * (n - 1)) + among_everyone - 2 * products / ({places:UInt32} * n * population)) AS score
FROM
(
    SELECT account, sum(own) / {places:UInt32} AS n, sum(own * own) AS own_squares, sum(own * common) AS products
    FROM cell LEFT JOIN everyone USING (place, value)
    GROUP BY account
)
WHERE n >= {least:UInt32}
