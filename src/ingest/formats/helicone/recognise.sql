-- No other format calls the time of a request `request_created_at`.
has(JSONExtractKeys(line), 'request_created_at')
