-- An observation has a type and belongs to a trace; only those of type GENERATION will give rows.
hasAny(JSONExtractKeys(line) AS names_of_langfuse, ['trace_id', 'traceId'])
AND JSONExtractString(line, 'type') != ''
AND JSONExtractString(line, 'traceId') || JSONExtractString(line, 'trace_id') != ''
AND NOT has(names_of_langfuse, 'call_type')
