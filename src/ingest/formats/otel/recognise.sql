-- OTLP JSON that speaks of a model somewhere.
hasAny(JSONExtractKeys(line), ['resourceSpans', 'resourceLogs'])
AND multiSearchAny(line, ['"gen_ai.request.model"', '"gen_ai.response.model"', '"gen_ai.input.messages"', '"llm.model_name"'])
