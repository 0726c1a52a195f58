-- Rows of LiteLLM's table LiteLLM_SpendLogs, exported as JSON or Parquet: JSON columns come as JSON or as text with
-- JSON in it. BerriAI/litellm schema.prisma (model LiteLLM_SpendLogs) and
-- litellm/proxy/spend_tracking/spend_tracking_utils.py: `messages` is `{}` even with store_prompts_in_spend_logs on, and
-- the request's body is in `proxy_server_request` (also https://github.com/BerriAI/litellm/issues/34747).
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
    rows_read AS (
        SELECT
            line_no,
            text,
            row
        FROM mended
        ARRAY JOIN
            [JSONExtract(
                text,
                'Tuple(
                    request_id String,
                    call_type String,
                    api_key String,
                    startTime String,
                    endTime String,
                    request_duration_ms Nullable(Float64),
                    model String,
                    model_group String,
                    user String,
                    team_id String,
                    organization_id String,
                    end_user String,
                    requester_ip_address String,
                    status String,
                    prompt_tokens Nullable(UInt32),
                    completion_tokens Nullable(UInt32),
                    metadata String,
                    messages String,
                    response String,
                    proxy_server_request String
                )'
            )] AS row
    ),
    read AS (
        SELECT
            line_no,
            text,
            row,
            -- Messages of their own where there are any, as older versions wrote them, or else the request's body.
            if(startsWith(row.messages, '[') AND row.messages != '[]', concat('{"messages":', row.messages, '}'), row.proxy_server_request) AS body,
            answer,
            metadata
        FROM rows_read
        ARRAY JOIN
            [JSONExtract(
                row.response,    'Tuple(
                    {{answer}}
                )'
            )] AS answer,
            [JSONExtract(
                row.metadata,
                'Tuple(
                    status String,
                    user_api_key String,
                    user_api_key_user_id String,
                    user_api_key_team_id String,
                    user_api_key_org_id String,
                    requester_ip_address String,
                    user_agent String,
                    error_information Tuple(error_code String)
                )'
            )] AS metadata
    ),
    asked AS (
        SELECT
            *,
            request
        FROM read
        ARRAY JOIN
            [JSONExtract(
                body,
                'Tuple(
                    model String,
                    messages Array(Tuple(role Nullable(String), content Nullable(String))),
                    system Nullable(String),
                    instructions Nullable(String),
                    input Nullable(String),
                    prompt Nullable(String),
                    tools String,
                    functions String,
                    user String,
                    safety_identifier String,
                    {{parameters}}
                )'
            )] AS request
    ),
    found AS (
        WITH
            'Array(Tuple(type Nullable(String), text Nullable(String), content Nullable(String)))' AS parts_type,
            concat('Array(Tuple(role Nullable(String), type Nullable(String), output Nullable(String), content Variant(String, ', parts_type, ')))') AS turns_type
        SELECT
            *,
            row.startTime AS stamp,
            parseDateTime64BestEffortOrNull(row.endTime, 3, 'UTC') AS ended_at,
            firstNonDefault(row.user, metadata.user_api_key_user_id) AS key_user,
            if(key_user = 'default_user_id', '', key_user) AS user,
            firstNonDefault(row.api_key, metadata.user_api_key) AS key,
            row.status = 'failure' OR metadata.status = 'failure' AS failed,
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
            row.call_type != '' AND row.startTime != '' AND (row.request_id != '' OR row.api_key != '') AS named,
            row.request_id AS id,
            key,
            -- Who pays is the key's user; the proxy's own default user is nobody.
            firstNonDefault(user, key, row.team_id, row.end_user) AS account,
            firstNonDefault(row.organization_id, metadata.user_api_key_org_id, row.team_id, metadata.user_api_key_team_id) AS org,
            firstNonDefault(row.requester_ip_address, metadata.requester_ip_address) AS ip,
            metadata.user_agent AS agent,
            transform(
                row.call_type,
                ['completion', 'acompletion', 'text_completion', 'atext_completion', 'responses', 'aresponses', 'anthropic_messages', 'embedding', 'aembedding'],
                ['/v1/chat/completions', '/v1/chat/completions', '/v1/completions', '/v1/completions', '/v1/responses', '/v1/responses', '/v1/messages',
                    '/v1/embeddings', '/v1/embeddings'],
                ''
            ) AS route,
            firstNonDefault(row.model_group, row.model, request.model) AS model,
            -- A failure without a code came from the proxy itself.
            if(failed, if(toUInt16OrZero(metadata.error_information.error_code) = 0, 500, toUInt16OrZero(metadata.error_information.error_code)), 200) AS code,
            firstNonDefault(request.tools, request.functions) AS tools,
            if(said = '' AND NOT startsWith(row.response, '{'), row.response, said) AS answered,
            if(failed, NULL, coalesce(row.prompt_tokens, tokens_in)) AS tokens_before,
            if(failed, NULL, coalesce(row.completion_tokens, tokens_out)) AS tokens_after,
            {{moment}} AS at,
            {{sampling}} AS given_params,
            spoken,
            coalesce(request.system, request.instructions, '') AS rules,
            {{ended}} AS ended,
            accurateCastOrNull(round(coalesce(row.request_duration_ms, toFloat64(dateDiff('millisecond', at, ended_at)))), 'UInt32') AS waited
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
                []
            )] AS spoken
    ),
    judged AS (
        SELECT
            *,
            -- Outside this century the clock or the field is wrong.
            ifNull(at >= toDateTime64('2000-01-01', 3, 'UTC') AND at < toDateTime64('2100-01-01', 3, 'UTC'), 0) AS timed,
            multiIf(
                named AND id != '' AND account != '' AND timed AND startsWith(text, '{'), '',
                NOT isValidJSON(text), 'not-json',
                JSONType(text) != 'Object', 'not-an-object',
                NOT hasAll(JSONExtractKeys(text), ['call_type', 'startTime']) OR NOT hasAny(JSONExtractKeys(text), ['request_id', 'api_key', 'spend']), 'other-format',
                id = '', 'no-id',
                account = '', 'no-account',
                NOT timed, 'bad-time',
                ''
            ) AS trouble,
            trouble = '' AS good,
            -- Where logging of messages is turned off, every prompt reads the same: that is no text, and no likeness.
            arrayExists(turn -> turn.2 = 'redacted-by-litellm', spoken) AS redacted,
            if(good AND NOT redacted, arrayConcat(
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
    if(good, key, '') AS key,
    if(good, org, '') AS org,
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
    if(good, mapFilter((name, value) -> isNotNull(value), given_params), map())::Map(String, String) AS params,
    if(good, if(answered = 'redacted-by-litellm', '', answered), '') AS output,
    if(good, ended, '') AS finish_reason,
    if(good, tokens_before, NULL) AS prompt_tokens,
    if(good, tokens_after, NULL) AS completion_tokens,
    if(good, waited, NULL) AS latency_ms
FROM judged
