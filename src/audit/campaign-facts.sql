-- What each campaign did: its span, what it drew before its accounts were flagged, what it asked for.
SELECT
    campaign,
    count() AS exchanges,
    countIf(toUnixTimestamp64Milli(time) < flagged_at * 1000) AS before,
    toInt64(min(toUnixTimestamp64Milli(time))) AS first_ms,
    toInt64(max(toUnixTimestamp64Milli(time))) AS last_ms,
    groupUniqArray(20)(model) AS models,
    countIf(bitAnd(marks, 1) != 0) AS reasoning,
    countIf(bitAnd(marks, 2) != 0) AS grading,
    countIf(bitAnd(marks, 4) != 0) AS training_format,
    countIf(bitAnd(marks, 8) != 0) AS self_description,
    countIf(bitAnd(marks, 16) != 0) AS likelihoods
FROM exchange
INNER JOIN campaign_member USING (account)
GROUP BY campaign
ORDER BY campaign
