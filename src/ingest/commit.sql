-- The ledger's rows for a group of files: written last, and with them the files are committed.
INSERT INTO source_file
SELECT
    f.file_no,
    f.name,
    f.bytes,
    f.modified_ms,
    f.head,
    f.format,
    t.lines,
    t.exchanges,
    0 AS expired,
    t.rejected,
    now64(3) AS committed
FROM
(
    SELECT
        arrayJoin(arrayZip({nos:Array(UInt32)}, {names:Array(String)}, {bytes:Array(UInt64)}, {modified:Array(UInt64)}, {heads:Array(String)}, {formats:Array(String)})) AS file,
        file.1 AS file_no, file.2 AS name, file.3 AS bytes, file.4 AS modified_ms, file.5 AS head, file.6 AS format
) AS f
LEFT JOIN
(
    SELECT
        file_no,
        max(last_line) AS lines,
        sumIf(rows, problem = '') AS exchanges,
        mapFromArrays(groupArrayIf(problem, problem != ''), groupArrayIf(rows, problem != '')) AS rejected
    FROM (SELECT file_no, problem, sum(rows) AS rows, max(last_line) AS last_line FROM tally WHERE file_no IN {nos:Array(UInt32)} GROUP BY file_no, problem)
    GROUP BY file_no
) AS t USING (file_no)
