-- Observations belong to a trace; only those of type GENERATION are calls of a model.
JSONExtractString(line, 'type') = 'GENERATION'
AND hasAny(JSONExtractKeys(line) AS names_of_langfuse, ['trace_id', 'traceId'])
AND NOT has(names_of_langfuse, 'call_type')
