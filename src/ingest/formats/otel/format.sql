-- OpenTelemetry GenAI in OTLP JSON: traces (`resourceSpans`) and logs (`resourceLogs`), as the collector's file exporter
-- writes them; one line holds many calls. Names of three generations: `gen_ai.input.messages` (current), `gen_ai.prompt.N.*`
-- and events `gen_ai.content.prompt` (before 1.37), and OpenInference's `llm.input_messages.N.*`.
-- https://opentelemetry.io/docs/specs/semconv/gen-ai/ (gen-ai-spans, gen-ai-events, gen-ai-input-messages.json),
-- https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
--
-- What costs is made in `ARRAY JOIN [x] AS x`: once for each line, before anything that uses it. As a mere column
-- ClickHouse would put it off until a branch wants it, and repeat it for every branch that does (100 times slower,
-- measured). The LIMIT that limits nothing keeps a WHERE outside from being worked in from below.
WITH
    mended AS (
        SELECT
            line_no,
            {{mended}} AS text
        FROM {{lines}}
    ),
    read AS (
        SELECT
            line_no,
            text,
            p
        FROM mended
        ARRAY JOIN
            [JSONExtract(
                text,
                'Tuple(
                    resourceSpans Array(Tuple(scopeSpans Array(Tuple(spans Array(Tuple(
                        traceId String,
                        spanId String,
                        startTimeUnixNano String,
                        endTimeUnixNano String,
                        status Tuple(code String),
                        attributes Array(Tuple(key String, value Tuple(stringValue Nullable(String), intValue Nullable(String), doubleValue Nullable(String), boolValue Nullable(String), arrayValue Nullable(String)))),
                        events Array(Tuple(name String, attributes Array(Tuple(key String, value Tuple(stringValue Nullable(String), intValue Nullable(String), doubleValue Nullable(String), boolValue Nullable(String), arrayValue Nullable(String))))))
                    )))))),
                    resourceLogs Array(Tuple(scopeLogs Array(Tuple(logRecords Array(Tuple(
                        traceId String,
                        spanId String,
                        timeUnixNano String,
                        observedTimeUnixNano String,
                        severityText String,
                        attributes Array(Tuple(key String, value Tuple(stringValue Nullable(String), intValue Nullable(String), doubleValue Nullable(String), boolValue Nullable(String), arrayValue Nullable(String))))
                    ))))))
                )'
            )] AS p
    ),
    spans_read AS (
        SELECT
            line_no,
            text,
            arrayConcat(
                arrayMap(
                    span -> (
                        span.traceId, span.spanId, span.startTimeUnixNano, span.endTimeUnixNano, span.status.code,
                        arrayConcat(span.attributes, arrayFlatten(arrayMap(event -> if(startsWith(event.name, 'gen_ai.'), event.attributes, []), span.events)))
                    ),
                    arrayFlatten(p.resourceSpans.scopeSpans.spans)
                ),
                arrayMap(
                    record -> (
                        record.traceId, record.spanId,
                        if(toUInt64OrZero(record.timeUnixNano) = 0, record.observedTimeUnixNano, record.timeUnixNano), '', '', record.attributes
                    ),
                    arrayFlatten(p.resourceLogs.scopeLogs.logRecords)
                )
            ) AS spans
        FROM read
    ),
    calls_read AS (
        SELECT
            line_no,
            text,
            calls
        FROM spans_read
        ARRAY JOIN
            -- A trace has spans of all kinds: the calls of a model are those with a model or messages that are not an agent's or a
            -- tool's own span around them.
            [arrayFilter(
                call -> (mapContains(call.6, 'gen_ai.request.model') OR mapContains(call.6, 'gen_ai.response.model')
                        OR mapContains(call.6, 'gen_ai.input.messages') OR mapContains(call.6, 'llm.model_name'))
                    AND call.6['gen_ai.operation.name'] NOT IN ('execute_tool', 'invoke_agent', 'create_agent', 'invoke_workflow'),
                arrayMap(
                    span -> (span.1, span.2, span.3, span.4, span.5, CAST(arrayMap(
                        attribute -> (attribute.key, coalesce(
                            attribute.value.stringValue, attribute.value.intValue, attribute.value.doubleValue, attribute.value.boolValue,
                            attribute.value.arrayValue, '')),
                        span.6
                    ), 'Map(String, String)')),
                    spans
                )
            )] AS calls
    ),
    one_call AS (
        SELECT
            line_no,
            text,
            call.1 AS trace,
            call.2 AS span,
            call.3 AS stamp,
            call.4 AS stop,
            call.5 AS span_status,
            call.6 AS a,
            firstNonDefault(call.6['gen_ai.input.messages'], call.6['gen_ai.prompt']) AS heard_raw,
            firstNonDefault(call.6['gen_ai.output.messages'], call.6['gen_ai.completion']) AS said_raw,
            call.6['gen_ai.system_instructions'] AS rules_raw,
            call.6['gen_ai.response.finish_reasons'] AS reasons_raw
        FROM calls_read
        LEFT ARRAY JOIN calls AS call
    ),
    parsed AS (
        WITH
            'Array(Tuple(role Nullable(String), finish_reason Nullable(String), content Variant(String, Array(Tuple(text Nullable(String)))), parts Array(Tuple(type Nullable(String), content Nullable(String), response Nullable(String), result Nullable(String)))))' AS messages_type,
            'Array(Tuple(kvlistValue Tuple(values Array(Tuple(key String, value Tuple(stringValue Nullable(String), arrayValue Tuple(values Array(Tuple(kvlistValue Tuple(values Array(Tuple(key String, value Tuple(stringValue Nullable(String))))))))))))))' AS values_type
        SELECT
            *,
            heard,
            replied,
            heard_values,
            replied_values,
            -- How many messages the numbered attributes hold.
            arrayCount(name -> startsWith(name, 'gen_ai.prompt.') AND endsWith(name, '.role'), mapKeys(a)) AS numbered,
            arrayCount(name -> startsWith(name, 'llm.input_messages.') AND endsWith(name, '.message.role'), mapKeys(a)) AS inferred
        FROM one_call
        ARRAY JOIN
            [JSONExtract(if(startsWith(heard_raw, '['), heard_raw, ''), messages_type)] AS heard,
            [JSONExtract(if(startsWith(said_raw, '['), said_raw, ''), messages_type)] AS replied,
            [JSONExtract(if(startsWith(heard_raw, '{'), heard_raw, ''), 'values', values_type)] AS heard_values,
            [JSONExtract(if(startsWith(said_raw, '{'), said_raw, ''), 'values', values_type)] AS replied_values
    ),
    timed_calls AS (
        SELECT
            *,
            -- Nanoseconds since 1970, as text.
            fromUnixTimestamp64Milli(toInt64(if(toUInt64OrZero(stamp) > 4000000000000000000, 0, intDiv(toUInt64OrZero(stamp), 1000000))), 'UTC') AS at
        FROM parsed
    ),
    facts AS (
        WITH
            'Array(Tuple(kvlistValue Tuple(values Array(Tuple(key String, value Tuple(stringValue Nullable(String), arrayValue Tuple(values Array(Tuple(kvlistValue Tuple(values Array(Tuple(key String, value Tuple(stringValue Nullable(String))))))))))))))' AS values_type
        SELECT
            line_no,
            text,
            trace,
            span,
            a,
            at,
            spoken,
            multiIf(
                startsWith(rules_raw, '['), arrayStringConcat(arrayFilter(word -> word != '', JSONExtract(rules_raw, 'Array(Tuple(content String))').content), '\n'),
                startsWith(rules_raw, '{'), arrayStringConcat(arrayFilter(word -> word != '', arrayMap(
                    part -> ifNull(arrayFirst(field -> field.key = 'content', part.kvlistValue.values).value.stringValue, ''),
                    JSONExtract(rules_raw, 'values', values_type))), '\n'),
                rules_raw
            ) AS rules,
            multiIf(
                notEmpty(replied), arrayMap(message -> if(
                        isNotNull(variantElement(message.content, 'String')),
                        ifNull(variantElement(message.content, 'String'), ''),
                        arrayStringConcat(arrayFilter(word -> word != '', arrayConcat(
                            arrayMap(part -> ifNull(part.text, ''), variantElement(message.content, 'Array(Tuple(text Nullable(String)))')),
                            arrayMap(part -> multiIf(
                                ifNull(part.type, '') = 'text', ifNull(part.content, ''),
                                ifNull(part.type, '') = 'tool_call_response', coalesce(part.response, part.result, ''),
                                ''
                            ), message.parts)
                        )), '\n')
                    ), replied)[1],
                notEmpty(replied_values), arrayMap(message -> arrayStringConcat(arrayFilter(word -> word != '', arrayMap(
                        part -> if(
                            ifNull(arrayFirst(field -> field.key = 'type', part.kvlistValue.values).value.stringValue, '') = 'text',
                            ifNull(arrayFirst(field -> field.key = 'content', part.kvlistValue.values).value.stringValue, ''),
                            ifNull(arrayFirst(field -> field.key = 'response', part.kvlistValue.values).value.stringValue, '')
                        ),
                        arrayFirst(field -> field.key = 'parts', message.kvlistValue.values).value.arrayValue.values
                    )), '\n'), replied_values)[1],
                said_raw != '', said_raw,
                firstNonDefault(a['gen_ai.completion.0.content'], a['llm.output_messages.0.message.content'], '')
            ) AS said,
            firstNonDefault(
                JSONExtractString(reasons_raw, 'values', 1, 'stringValue'),
                JSONExtractString(reasons_raw, 1),
                if(startsWith(reasons_raw, '[') OR startsWith(reasons_raw, '{'), '', reasons_raw),
                a['gen_ai.completion.0.finish_reason'],
                ifNull(replied[1].finish_reason, '')
            ) AS reason,
            accurateCastOrNull(round(if(stop = '', NULL, (toUInt64OrZero(stop)::Float64 - toUInt64OrZero(stamp)::Float64) / 1000000)), 'UInt32') AS waited,
            -- An address stands for who has no name here.
            firstNonDefault(a['user.id'], a['enduser.id'], a['user.hash'], a['gen_ai.user.id'], a['llm.user'], a['client.address'], a['net.peer.ip'], a['http.client_ip']) AS account,
            firstNonDefault(a['client.address'], a['net.peer.ip'], a['http.client_ip'], a['source.address']) AS ip,
            firstNonDefault(a['user_agent.original'], a['http.user_agent']) AS agent,
            cutQueryString(firstNonDefault(a['url.path'], a['http.route'], a['http.target'])) AS route,
            firstNonDefault(a['gen_ai.request.model'], a['gen_ai.response.model'], a['llm.model_name']) AS model,
            multiIf(
                toUInt16OrZero(firstNonDefault(a['http.response.status_code'], a['http.status_code'], a['error.type'])) != 0, toUInt16OrZero(firstNonDefault(a['http.response.status_code'], a['http.status_code'], a['error.type'])),
                span_status IN ('2', 'STATUS_CODE_ERROR') OR a['error.type'] != '', 500,
                200
            ) AS code,
            firstNonDefault(a['gen_ai.tool.definitions'], a['llm.tools']) AS tools,
            accurateCastOrNull(toFloat64OrNull(firstNonDefault(a['gen_ai.usage.input_tokens'], a['gen_ai.usage.prompt_tokens'], a['llm.usage.prompt_tokens'], a['llm.token_count.prompt'])), 'UInt32') AS tokens_before,
            accurateCastOrNull(toFloat64OrNull(firstNonDefault(a['gen_ai.usage.output_tokens'], a['gen_ai.usage.completion_tokens'], a['llm.usage.completion_tokens'], a['llm.token_count.completion'])), 'UInt32') AS tokens_after,
            mapFilter((name, value) -> value != '', map(
                'temperature', a['gen_ai.request.temperature'],
                'top_p', a['gen_ai.request.top_p'],
                'top_k', a['gen_ai.request.top_k'],
                'max_tokens', a['gen_ai.request.max_tokens'],
                'n', a['gen_ai.request.choice.count'],
                'presence_penalty', a['gen_ai.request.presence_penalty'],
                'frequency_penalty', a['gen_ai.request.frequency_penalty'],
                'stream', a['gen_ai.request.stream'],
                'seed', firstNonDefault(a['gen_ai.request.seed'], a['gen_ai.openai.request.seed']),
                'stop', if(
                    startsWith(a['gen_ai.request.stop_sequences'], '{'),
                    toJSONString(JSONExtract(a['gen_ai.request.stop_sequences'], 'values', 'Array(Tuple(stringValue String))').stringValue),
                    a['gen_ai.request.stop_sequences']
                ),
                'response_format', if(firstNonDefault(a['gen_ai.output.type'], a['gen_ai.openai.request.response_format']) = '', '',
                    toJSONString(firstNonDefault(a['gen_ai.output.type'], a['gen_ai.openai.request.response_format']))),
                'reasoning_effort', if(firstNonDefault(a['gen_ai.request.reasoning.level'], a['gen_ai.request.reasoning_effort']) = '', '',
                    toJSONString(firstNonDefault(a['gen_ai.request.reasoning.level'], a['gen_ai.request.reasoning_effort'])))
            )) AS given_params,
            {{ended}} AS ended
        FROM timed_calls
        ARRAY JOIN
            [multiIf(
                notEmpty(heard), arrayMap(message -> (ifNull(message.role, ''), if(
                        isNotNull(variantElement(message.content, 'String')),
                        ifNull(variantElement(message.content, 'String'), ''),
                        arrayStringConcat(arrayFilter(word -> word != '', arrayConcat(
                            arrayMap(part -> ifNull(part.text, ''), variantElement(message.content, 'Array(Tuple(text Nullable(String)))')),
                            arrayMap(part -> multiIf(
                                ifNull(part.type, '') = 'text', ifNull(part.content, ''),
                                ifNull(part.type, '') = 'tool_call_response', coalesce(part.response, part.result, ''),
                                ''
                            ), message.parts)
                        )), '\n')
                    )), heard),
                notEmpty(heard_values), arrayMap(message -> (
                    ifNull(arrayFirst(field -> field.key = 'role', message.kvlistValue.values).value.stringValue, ''), arrayStringConcat(arrayFilter(word -> word != '', arrayMap(
                        part -> if(
                            ifNull(arrayFirst(field -> field.key = 'type', part.kvlistValue.values).value.stringValue, '') = 'text',
                            ifNull(arrayFirst(field -> field.key = 'content', part.kvlistValue.values).value.stringValue, ''),
                            ifNull(arrayFirst(field -> field.key = 'response', part.kvlistValue.values).value.stringValue, '')
                        ),
                        arrayFirst(field -> field.key = 'parts', message.kvlistValue.values).value.arrayValue.values
                    )), '\n')), heard_values),
                numbered > 0, arrayMap(n -> (a[concat('gen_ai.prompt.', toString(n), '.role')], a[concat('gen_ai.prompt.', toString(n), '.content')]), range(numbered)),
                inferred > 0, arrayMap(n -> (a[concat('llm.input_messages.', toString(n), '.message.role')],
                    a[concat('llm.input_messages.', toString(n), '.message.content')]), range(inferred)),
                heard_raw != '', [('user', heard_raw)],
                []
            )] AS spoken
    ),
    judged AS (
        SELECT
            *,
            -- Outside this century the clock or the field is wrong.
            ifNull(at >= toDateTime64('2000-01-01', 3, 'UTC') AND at < toDateTime64('2100-01-01', 3, 'UTC'), 0) AS timed,
            multiIf(
                trace != '' AND span != '' AND account != '' AND timed AND model != '', '',
                NOT isValidJSON(text), 'not-json',
                JSONType(text) != 'Object', 'not-an-object',
                empty(mapKeys(a)) AND JSONType(text, 'resourceSpans') != 'Array' AND JSONType(text, 'resourceLogs') != 'Array', 'other-format',
                empty(mapKeys(a)), 'no call',
                span = '' OR trace = '', 'no-id',
                account = '', 'no-account',
                NOT timed, 'bad-time',
                ''
            ) AS trouble,
            trouble = '' AS good,
            if(good, arrayConcat(if(rules = '', [], [('system', rules)]), spoken), []) AS kept
        FROM facts
        LIMIT 18446744073709551615
    )
SELECT
    line_no,
    trouble AS problem,
    if(good, concat(trace, ':', span), '') AS id,
    if(good, ifNull(at, toDateTime64(0, 3, 'UTC')), toDateTime64(0, 3, 'UTC')) AS time,
    if(good, account, '') AS account,
    '' AS key,
    '' AS org,
    if(good, ip, '') AS ip,
    '' AS country,
    if(good, agent, '') AS user_agent,
    NULL::Nullable(Date) AS account_created,
    if(good, route, '') AS path,
    if(good, model, '') AS model,
    if(good, code, 0)::UInt16 AS status,
    arrayMap(turn -> turn.1, kept) AS roles,
    arrayMap(turn -> turn.2, kept) AS contents,
    if(good, tools, '') AS tools,
    if(good, given_params, map())::Map(String, String) AS params,
    if(good, said, '') AS output,
    if(good, ended, '') AS finish_reason,
    if(good, tokens_before, NULL) AS prompt_tokens,
    if(good, tokens_after, NULL) AS completion_tokens,
    if(good, waited, NULL) AS latency_ms
FROM judged
-- A line of spans of other kinds is sound and holds no exchange.
WHERE trouble != 'no call'
