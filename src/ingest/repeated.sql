-- Every row of an id but its earliest: by time, then by the name of its file, then by line. Which one
-- stays must not depend on the order in which files were read.
INSERT INTO repeated
SELECT id, file_no, line_no
FROM
(
    SELECT
        id, file_no, line_no,
        row_number() OVER (PARTITION BY id ORDER BY time, transform(file_no, {nos:Array(UInt32)}, {ranks:Array(UInt32)}, toUInt32(0)), file_no, line_no) AS place
    FROM exchange
    WHERE id IN
    (
        SELECT id FROM exchange WHERE id % {slices:UInt32} = {slice:UInt32} GROUP BY id HAVING count() > 1
    )
)
WHERE place > 1
