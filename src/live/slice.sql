-- The exchanges of a step: those of its time, and those of earlier steps that came after these were closed.
INSERT INTO live_slice
SELECT *, {from:UInt32} AS step
FROM exchange
WHERE time >= fromUnixTimestamp64Milli({starts:Int64} * 1000) AND time < fromUnixTimestamp64Milli({ends:Int64} * 1000) AND file_no <= {file:UInt32}
UNION ALL
SELECT *, {from:UInt32} AS step
FROM exchange
WHERE file_no > {seen:UInt32} AND file_no <= {file:UInt32} AND time < fromUnixTimestamp64Milli({starts:Int64} * 1000)
