-- Langfuse's observations of type GENERATION, from the blob storage export (`observations_v2/`, snake_case) or the public
-- API (camelCase). `input` and `output` are what the application gave: messages, a body, or a text.
-- https://langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields
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
    row_read AS (
        SELECT
            line_no,
            text,
            e
        FROM mended
        ARRAY JOIN
            [CAST(arrayMap(pair -> (replaceAll(lower(pair.1), '_', ''), pair.2), JSONExtractKeysAndValues(text, 'String')), 'Map(String, String)')] AS e
    ),
    read AS (
        SELECT
            *,
            -- A text may come as JSON text, quotes and all.
            if(startsWith(e['input'], '"'), JSONExtractString(e['input']), e['input']) AS prompt,
            if(startsWith(e['output'], '"'), JSONExtractString(e['output']), e['output']) AS reply,
            multiIf(startsWith(prompt, '['), concat('{"messages":', prompt, '}'), startsWith(prompt, '{'), prompt, '') AS body
        FROM row_read
    ),
    asked AS (
        SELECT
            *,
            request,
            settings,
            answer,
            spent
        FROM read
        ARRAY JOIN
            [JSONExtract(
                body,
                'Tuple(
                    messages Array(Tuple(role Nullable(String), content Nullable(String))),
                    system Nullable(String),
                    instructions Nullable(String),
                    input Nullable(String),
                    prompt Nullable(String),
                    tools String,
                    functions String
                )'
            )] AS request,
            [JSONExtract(
                e['modelparameters'],
                'Tuple(
                    {{parameters}}
                )'
            )] AS settings,
            [JSONExtract(
                reply,    'Tuple(
                    {{answer}}
                )'
            )] AS answer,
            [JSONExtract(
                firstNonDefault(e['usagedetails'], e['usage']),
                'Tuple(
                    input Nullable(UInt32),
                    prompt_tokens Nullable(UInt32),
                    input_tokens Nullable(UInt32),
                    output Nullable(UInt32),
                    completion_tokens Nullable(UInt32),
                    output_tokens Nullable(UInt32)
                )'
            )] AS spent
    ),
    found AS (
        WITH
            'Array(Tuple(type Nullable(String), text Nullable(String), content Nullable(String)))' AS parts_type,
            concat('Array(Tuple(role Nullable(String), type Nullable(String), output Nullable(String), content Variant(String, ', parts_type, ')))') AS turns_type
        SELECT
            *,
            e['starttime'] AS stamp,
            parseDateTime64BestEffortOrNull(e['endtime'], 3, 'UTC') AS ended_at,
            turns
        FROM asked
        ARRAY JOIN
            -- Content in parts came as raw JSON, and so may a text that only looks like it: a second look at these lines tells
            -- the two apart. Variant for every line would double the time of the parse (measured).
            [multiIf(
                notEmpty(request.messages), if(NOT arrayExists((role, content) -> isNull(role) OR startsWith(ifNull(content, ''), '['), request.messages.role, request.messages.content), [], JSONExtract(body, 'messages', turns_type)),
                startsWith(request.input, '[{'), JSONExtract(body, 'input', turns_type),
                []
            )] AS turns
    ),
    heard AS (
        WITH
            'Array(Tuple(type Nullable(String), text Nullable(String), content Nullable(String)))' AS parts_type
        SELECT
            *,
            toFloat64OrNull(stamp) AS number,
            {{heard}}
        FROM found
    ),
    facts AS (
        WITH
            'Array(Tuple(type Nullable(String), text Nullable(String), content Nullable(String)))' AS parts_type
        SELECT
            line_no,
            text,
            e['type'] != '' AND e['traceid'] != '' AND NOT mapContains(e, 'calltype') AS named,
            e['type'] != 'GENERATION' AS idle,
            e['id'] AS id,
            e['userid'] AS account,
            firstNonDefault(e['providedmodelname'], e['model']) AS model,
            -- Langfuse keeps no HTTP status.
            if(e['level'] = 'ERROR', 500, 200) AS code,
            firstNonDefault(e['tooldefinitions'], request.tools, request.functions) AS tools,
            firstNonDefault(
                said,
                JSONExtractString(reply, 'content'),
                JSONExtractString(reply, 1, 'content'),
                if(startsWith(reply, '{') OR startsWith(reply, '['), '', reply)
            ) AS answered,
            coalesce(spent.input, spent.prompt_tokens, spent.input_tokens, tokens_in) AS tokens_before,
            coalesce(spent.output, spent.completion_tokens, spent.output_tokens, tokens_out) AS tokens_after,
            {{moment}} AS at,
            map(
                'temperature', settings.temperature,
                'top_p', settings.top_p,
                'top_k', settings.top_k,
                'max_tokens', coalesce(settings.max_tokens, settings.max_completion_tokens, settings.max_output_tokens),
                'n', settings.n,
                'logprobs', settings.logprobs,
                'top_logprobs', settings.top_logprobs,
                'logit_bias', settings.logit_bias,
                'presence_penalty', settings.presence_penalty,
                'frequency_penalty', settings.frequency_penalty,
                'stream', settings.stream,
                'seed', settings.seed,
                'stop', if(substring(coalesce(settings.stop, settings.stop_sequences), 1, 1) IN ('{', '['), coalesce(settings.stop, settings.stop_sequences), toJSONString(coalesce(settings.stop, settings.stop_sequences))),
                'response_format', settings.response_format,
                'reasoning_effort', toJSONString(coalesce(settings.reasoning_effort, settings.reasoning.effort)),
                'thinking', settings.thinking,
                'tool_choice', if(substring(settings.tool_choice, 1, 1) IN ('{', '['), settings.tool_choice, toJSONString(settings.tool_choice))
            ) AS given_params,
            spoken,
            coalesce(request.system, request.instructions, '') AS rules,
            {{ended}} AS ended,
            accurateCastOrNull(toFloat64(dateDiff('millisecond', at, ended_at)), 'UInt32') AS waited
        FROM heard
        ARRAY JOIN
            [multiIf(
                notEmpty(turns), {{spoken}},
                notEmpty(request.messages),
                    arrayMap((role, content) -> (ifNull(role, ''), ifNull(content, '')), request.messages.role, request.messages.content),
                isNotNull(request.input), [('user', ifNull(request.input, ''))],
                -- Legacy completions: one prompt, or several of which each is answered.
                startsWith(request.prompt, '["'), arrayMap(prompt -> ('user', prompt), JSONExtract(body, 'prompt', 'Array(String)')),
                isNotNull(request.prompt), [('user', ifNull(request.prompt, ''))],
                startsWith(prompt, '{') OR startsWith(prompt, '['), [],
                prompt != '', [('user', prompt)],
                []
            )] AS spoken
    ),
    judged AS (
        SELECT
            *,
            -- Outside this century the clock or the field is wrong.
            ifNull(at >= toDateTime64('2000-01-01', 3, 'UTC') AND at < toDateTime64('2100-01-01', 3, 'UTC'), 0) AS timed,
            multiIf(
                named AND NOT idle AND id != '' AND account != '' AND timed AND startsWith(text, '{'), '',
                NOT isValidJSON(text), 'not-json',
                JSONType(text) != 'Object', 'not-an-object',
                NOT named, 'other-format',
                idle, 'no call',
                id = '', 'no-id',
                account = '', 'no-account',
                NOT timed, 'bad-time',
                ''
            ) AS trouble,
            trouble = '' AS good,
            if(good, arrayConcat(
                if(rules = '', [], [('system', if(startsWith(rules, '['), arrayStringConcat(JSONExtract(rules, 'Array(Tuple(text String))').text, '\n'), rules))]),
                spoken
            ), []) AS kept
        FROM facts
        LIMIT 18446744073709551615
    )
SELECT
    line_no,
    trouble AS problem,
    if(good, id, '') AS id,
    if(good, ifNull(at, toDateTime64(0, 3, 'UTC')), toDateTime64(0, 3, 'UTC')) AS time,
    if(good, account, '') AS account,
    '' AS key,
    '' AS org,
    '' AS ip,
    '' AS country,
    '' AS user_agent,
    NULL::Nullable(Date) AS account_created,
    '' AS path,
    if(good, model, '') AS model,
    if(good, code, 0)::UInt16 AS status,
    arrayMap(turn -> turn.1, kept) AS roles,
    arrayMap(turn -> turn.2, kept) AS contents,
    if(good, tools, '') AS tools,
    if(good, mapFilter((name, value) -> isNotNull(value), given_params), map())::Map(String, String) AS params,
    if(good, answered, '') AS output,
    if(good, ended, '') AS finish_reason,
    if(good, tokens_before, NULL) AS prompt_tokens,
    if(good, tokens_after, NULL) AS completion_tokens,
    if(good, waited, NULL) AS latency_ms
FROM judged
-- Spans, tools and events are sound and hold no exchange.
WHERE trouble != 'no call'
