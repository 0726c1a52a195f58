-- Where rejected lines begin, in bytes of the unpacked file. Only lengths are sorted, so no text can spill.
SELECT toUInt64(number + 1) AS line, toUInt64(begins) AS offset
FROM
(
    SELECT number, sum(bytes) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - bytes AS begins
    FROM (SELECT number, length(raw) + 1 AS bytes FROM {{raw}})
)
WHERE number + 1 IN (SELECT line_no FROM rejected WHERE file_no = {no:UInt32} ORDER BY line_no LIMIT {most:UInt32})
