-- How often each kind of training value was asked for (bits: src/fingerprint/marks.ts).
SELECT
    account,
    step,
    countIf(bitAnd(marks, 1) != 0) AS reasoning,
    countIf(bitAnd(marks, 2) != 0) AS grading,
    countIf(bitAnd(marks, 4) != 0) AS trainingFormat,
    countIf(bitAnd(marks, 8) != 0) AS selfDescription
FROM {{exchange}}
WHERE bitAnd(marks, 15) != 0
GROUP BY account, step
ORDER BY step, account
