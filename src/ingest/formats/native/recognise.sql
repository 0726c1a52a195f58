-- An exchange has a request and who made it or when; what has a `response` beside it is a gateway's capture.
(JSONExtractKeys(line) AS names_of_native) != []
AND has(names_of_native, 'request')
AND JSONType(line, 'request') IN ('Object', 'Null')
AND hasAny(names_of_native, ['account', 'time'])
AND NOT hasAny(names_of_native, ['response', 'response_body', 'startTime', 'litellm_call_id'])
