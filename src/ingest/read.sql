INSERT INTO incoming
SELECT
    * REPLACE (
        toUInt32({first_no:UInt32} + bitAnd(bitShiftRight(r.line_no, 40), 8388607)) AS file_no,
        bitAnd(r.line_no, 1099511627775) AS line_no
    )
FROM
(
{{fingerprint}}
) AS r
SETTINGS
    -- A month-by-month table may get a block with lines of a hundred months; a log that old is still one log.
    max_partitions_per_insert_block = 0,
    -- Without it the views make the whole statement run on one thread.
    parallel_view_processing = 1,
    -- Merged into one step with the format's expressions, the fingerprint's take twice the time (measured:
    -- 49 us of processor time a row against 32), as what both share is computed anew where it is used.
    query_plan_merge_expressions = 0
