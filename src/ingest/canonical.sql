-- What a format gave, with what holds for every format: lines and times that cannot be used.
SELECT
    * REPLACE (
        multiIf(
            bitTest(f.line_no, 63), 'line-too-long',
            f.problem != '', f.problem,
            f.time < toDateTime64('2015-01-01', 3, 'UTC') OR f.time > {latest:DateTime64(3, 'UTC')}, 'bad-time',
            ''
        ) AS problem{{identity}}
    )
FROM
(
{{format}}
) AS f
