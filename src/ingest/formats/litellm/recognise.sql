-- `call_type` beside the camelCase `startTime` is LiteLLM's; the table's rows have columns of their own.
hasAll(JSONExtractKeys(line) AS names_of_litellm, ['call_type', 'startTime'])
AND NOT hasAny(names_of_litellm, ['request_id', 'api_key', 'spend'])
