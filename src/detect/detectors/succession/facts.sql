-- How long each account has been heard of, and its longest pause, in steps: both by what each step adds, so
-- that sums over the steps so far say how things stood then.
SELECT
    account,
    step,
    step - previous AS lifeSteps,
    pause - if(active = 1, 0, lagInFrame(pause) OVER lived) AS longestPause
FROM
(
    SELECT
        account,
        step,
        previous,
        row_number() OVER lived AS active,
        max(step - previous) OVER lived AS pause
    FROM
    (
        SELECT account, step, lagInFrame(step, 1, step) OVER (PARTITION BY account ORDER BY step) AS previous
        FROM
        (
            SELECT DISTINCT account, step
            FROM {{exchange}}
        )
    )
    WINDOW lived AS (PARTITION BY account ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
WINDOW lived AS (PARTITION BY account ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
ORDER BY step, account
