-- The clauses that frame each message (its skeleton), with the message they framed.
SELECT
    1 AS kind,
    arrayJoin(phrases) AS trait,
    account,
    toUInt32(intDiv(toUnixTimestamp(time) - {origin:Int64}, {step:UInt32})) AS step,
    message AS body
FROM exchange
