-- Requests for likelihoods, requests that steer them by bias, and how many different biases there were: each
-- counts in the step of its first use. `params` tells them apart, for nothing else in it changes as often.
SELECT
    account,
    step,
    sum(likelihoods) AS likelihoods,
    sum(biased) AS biased,
    sum(biases) AS biases
FROM
(
    SELECT
        account,
        step,
        countIf(bitAnd(marks, 16) != 0) AS likelihoods,
        countIf(bitAnd(marks, 32) != 0) AS biased,
        0 AS biases
    FROM {{exchange}}
    WHERE bitAnd(marks, 48) != 0
    GROUP BY account, step
    UNION ALL
    SELECT
        account,
        first AS step,
        0 AS likelihoods,
        0 AS biased,
        count() AS biases
    FROM
    (
        SELECT
            account,
            params,
            min(step) AS first
        FROM {{exchange}}
        WHERE bitAnd(marks, 32) != 0
        GROUP BY account, params
    )
    WHERE (params, account) NOT IN (SELECT thing, account FROM {{earlier}} WHERE kind = 20)
    GROUP BY account, first
)
GROUP BY account, step
ORDER BY step, account
