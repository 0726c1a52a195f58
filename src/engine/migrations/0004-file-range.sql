-- What came since the last look is found by its files, although the table is sorted by time: files that came
-- late are few, and their rows lie in few parts.
ALTER TABLE exchange ADD INDEX IF NOT EXISTS file_range file_no TYPE minmax GRANULARITY 1;
