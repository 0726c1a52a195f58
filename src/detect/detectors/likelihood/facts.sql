-- Requests for likelihoods, requests that steer them, and requests for one token.
SELECT
    account,
    toUInt32(intDiv(toUnixTimestamp(time) - {origin:Int64}, {step:UInt32})) AS step,
    countIf(bitAnd(marks, 16) != 0) AS likelihoods,
    countIf(bitAnd(marks, 32) != 0) AS biased
FROM exchange
WHERE bitAnd(marks, 48) != 0
GROUP BY account, step
ORDER BY step, account
