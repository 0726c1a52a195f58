-- The ledger counts what is dropped, so that it is not taken for repeated rows.
INSERT INTO source_file
SELECT s.* REPLACE (s.expired + e.old AS expired, now64(3) AS committed)
FROM (SELECT * FROM source_file FINAL) AS s
INNER JOIN
(
    SELECT file_no, count() AS old FROM exchange
    WHERE time < (SELECT max(time) FROM exchange) - toIntervalDay({days:UInt32})
    GROUP BY file_no
) AS e USING (file_no)
