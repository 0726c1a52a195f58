-- `line_no` says all of where a line is, as formats hand through nothing else: bits 0-39 the line, bits
-- 40-62 the file's place in its group, bit 63 set on a line that is too long to be looked at.
SELECT
    bitOr(number + 1, bitOr(
        bitShiftLeft(toUInt64(place), 40),
        bitShiftLeft(toUInt64(length(raw) > {{limit}}), 63)
    )) AS line_no,
    -- A byte order mark is no part of the first line.
    multiIf(length(raw) > {{limit}}, '', number = 0 AND startsWith(raw, '\xEF\xBB\xBF'), substring(raw, 4), raw) AS line
FROM {{raw}}
WHERE notEmpty(trimBoth(raw, ' \t\r'))
