-- RFC 3339 or a Unix time; the size of the number says whether it counts seconds, ms, µs or ns.
if(
    isNull(number),
    parseDateTime64BestEffortOrNull(stamp, 3, 'UTC'),
    fromUnixTimestamp64Milli(toInt64(multiIf(
        NOT (number BETWEEN 1 AND 4e18), 0.,
        number < 1e11, number * 1000,
        number < 1e14, number,
        number < 1e17, number / 1000,
        number / 1000000
    )), 'UTC')
)
