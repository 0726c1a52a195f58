-- When each of some accounts asked, in order.
SELECT account, toInt64(toUnixTimestamp64Milli(time)) AS time_ms
FROM exchange
WHERE account IN {accounts:Array(UInt64)}
ORDER BY time, id
