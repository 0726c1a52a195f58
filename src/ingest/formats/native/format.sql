-- The native exchange record (docs/formats/exchange.md, src/record/exchange.schema.json).
WITH
    {{mended}} AS text,
    JSONExtract(
        text,
        'Tuple(
            id String,
            time String,
            account String,
            key String,
            org String,
            ip String,
            country String,
            user_agent String,
            account_created String,
            path String,
            request Tuple(
                model String,
                messages Array(Tuple(role Nullable(String), content Nullable(String))),
                tools String,
                functions String,
                temperature Nullable(String),
                top_p Nullable(String),
                top_k Nullable(String),
                max_tokens Nullable(String),
                max_completion_tokens Nullable(String),
                n Nullable(String),
                logprobs Nullable(String),
                top_logprobs Nullable(String),
                logit_bias Nullable(String),
                presence_penalty Nullable(String),
                frequency_penalty Nullable(String),
                stream Nullable(String),
                seed Nullable(String),
                stop Variant(String, Array(String)),
                response_format Nullable(String),
                reasoning_effort Nullable(String),
                tool_choice Nullable(String)
            ),
            response Nullable(String),
            status Nullable(UInt16),
            usage Tuple(prompt_tokens Nullable(UInt32), completion_tokens Nullable(UInt32)),
            finish_reason String,
            output String,
            latency_ms Nullable(UInt32)
        )'
    ) AS p,
    parseDateTime64BestEffortOrNull(p.time, 3, 'UTC') AS at,
    p.request AS request,
    -- Outside this century the clock or the field is wrong.
    ifNull(at >= toDateTime64('2000-01-01', 3, 'UTC') AND at < toDateTime64('2100-01-01', 3, 'UTC'), 0) AS timed,
    -- A chain of ANDs would make ClickHouse put off the parse and repeat it in every column (100 times slower).
    least(startsWith(text, '{'), p.id != '', p.account != '', timed, isNull(p.response), request.model != '') AS usable,
    multiIf(
        -- The common case first: no further look at the line.
        usable, '',
        NOT isValidJSON(text), 'not-json',
        JSONType(text) != 'Object', 'not-an-object',
        NOT JSONHas(text, 'request') OR JSONType(text, 'request') NOT IN ('Object', 'Null') OR (p.account = '' AND p.time = '')
            OR hasAny(JSONExtractKeys(text), ['response', 'response_body', 'startTime', 'litellm_call_id']), 'other-format',
        p.id = '', 'no-id',
        p.account = '', 'no-account',
        NOT timed, 'bad-time',
        ''
    ) AS trouble,
    trouble = '' AS good,
    -- Content in parts came as raw JSON, and so may a text that only looks like it: a second look at these lines
    -- tells the two apart. Variant for every line would double the time of the parse (measured).
    arrayExists(content -> startsWith(ifNull(content, ''), '['), request.messages.content) AS in_parts,
    map(
        'temperature', request.temperature,
        'top_p', request.top_p,
        'top_k', request.top_k,
        'max_tokens', coalesce(request.max_tokens, request.max_completion_tokens),
        'n', request.n,
        'logprobs', request.logprobs,
        'top_logprobs', request.top_logprobs,
        'logit_bias', request.logit_bias,
        'presence_penalty', request.presence_penalty,
        'frequency_penalty', request.frequency_penalty,
        'stream', request.stream,
        'seed', request.seed,
        'stop', if(isNull(request.stop), NULL, toJSONString(request.stop)),
        'response_format', request.response_format,
        'reasoning_effort', if(isNull(request.reasoning_effort), NULL, toJSONString(request.reasoning_effort)),
        'tool_choice', if(startsWith(request.tool_choice, '{'), request.tool_choice, toJSONString(request.tool_choice))
    ) AS sent
SELECT
    line_no,
    trouble AS problem,
    if(good, p.id, '') AS id,
    if(good, ifNull(at, toDateTime64(0, 3, 'UTC')), toDateTime64(0, 3, 'UTC')) AS time,
    if(good, p.account, '') AS account,
    if(good, p.key, '') AS key,
    if(good, p.org, '') AS org,
    if(good, p.ip, '') AS ip,
    if(good AND length(p.country) = 2, upper(p.country), '') AS country,
    if(good, p.user_agent, '') AS user_agent,
    if(good, toDateOrNull(substring(p.account_created, 1, 10)), NULL) AS account_created,
    if(good, p.path, '') AS path,
    if(good, request.model, '') AS model,
    if(good, ifNull(p.status, 200), 0)::UInt16 AS status,
    if(good, arrayMap(role -> ifNull(role, ''), request.messages.role), []) AS roles,
    if(good, if(in_parts, arrayMap(
        content -> if(
            variantType(content) = 'String',
            ifNull(content.String, ''),
            arrayStringConcat(arrayFilter(part -> part != '', arrayMap(
                part -> ifNull(part.text, ''), content.`Array(Tuple(text Nullable(String)))`)), '\n')
        ),
        JSONExtract(text, 'request', 'messages', 'Array(Tuple(content Variant(String, Array(Tuple(text Nullable(String))))))').content
    ), arrayMap(content -> ifNull(content, ''), request.messages.content)), []) AS contents,
    if(good, if(request.tools != '', request.tools, request.functions), '') AS tools,
    if(good, mapFilter((name, value) -> isNotNull(value), sent), map())::Map(String, String) AS params,
    if(good, p.output, '') AS output,
    if(good, p.finish_reason, '') AS finish_reason,
    if(good, p.usage.prompt_tokens, NULL) AS prompt_tokens,
    if(good, p.usage.completion_tokens, NULL) AS completion_tokens,
    if(good, p.latency_ms, NULL) AS latency_ms
FROM {{lines}}
