-- The lines of one file that were rejected, as they stand in it.
SELECT
    toUInt64(number + 1) AS line,
    lower(hex(sipHash128Keyed(({k0:UInt64}, {k1:UInt64}), raw))) AS hash,
    {{text}} AS text
FROM {{raw}}
WHERE number + 1 IN (SELECT line_no FROM rejected WHERE file_no = {no:UInt32} ORDER BY line_no LIMIT {most:UInt32})
ORDER BY line
