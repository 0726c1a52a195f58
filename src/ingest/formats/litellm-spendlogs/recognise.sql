-- The columns of the table: `startTime` beside `request_id`, `api_key` or `spend`, which callbacks do not write.
hasAll(JSONExtractKeys(line) AS names_of_spendlogs, ['call_type', 'startTime'])
AND hasAny(names_of_spendlogs, ['request_id', 'api_key', 'spend'])
