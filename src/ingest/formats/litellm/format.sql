-- LiteLLM's StandardLoggingPayload, one JSON object a call, as its S3, GCS, SQS, webhook and custom callbacks write it.
-- https://docs.litellm.ai/docs/proxy/logging_spec; BerriAI/litellm litellm/types/utils.py (class StandardLoggingPayload)
-- and litellm/litellm_core_utils/redact_messages.py (what `redacted-by-litellm` means).
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
            p,
            answer
        FROM mended
        ARRAY JOIN
            [JSONExtract(
                text,
                'Tuple(
                    id String,
                    litellm_call_id String,
                    call_type String,
                    status String,
                    startTime String,
                    endTime String,
                    model String,
                    model_group String,
                    end_user String,
                    requester_ip_address String,
                    user_agent String,
                    prompt_tokens Nullable(UInt32),
                    completion_tokens Nullable(UInt32),
                    stream Nullable(String),
                    messages Array(Tuple(role Nullable(String), content Nullable(String))),
                    metadata Tuple(
                        user_api_key_hash String,
                        user_api_key_user_id String,
                        user_api_key_team_id String,
                        user_api_key_org_id String,
                        user_api_key_end_user_id String,
                        user_api_key_request_route String,
                        requester_ip_address String,
                        user_agent String
                    ),
                    error_information Tuple(error_code String),
                    model_parameters Tuple(
                        tools String,
                        functions String,
                        system Nullable(String),
                        instructions Nullable(String),
                        {{parameters}}
                    )
                )'
            )] AS p,
            [JSONExtract(
                text,
                'response',    'Tuple(
                    {{answer}}
                )'
            )] AS answer
    ),
    found AS (
        WITH
            'Array(Tuple(type Nullable(String), text Nullable(String), content Nullable(String)))' AS parts_type,
            concat('Array(Tuple(role Nullable(String), type Nullable(String), output Nullable(String), content Variant(String, ', parts_type, ')))') AS turns_type
        SELECT
            *,
            p.startTime AS stamp,
            toFloat64OrNull(p.endTime) - toFloat64OrNull(p.startTime) AS seconds,
            if(p.metadata.user_api_key_user_id = 'default_user_id', '', p.metadata.user_api_key_user_id) AS user,
            turns
        FROM read
        ARRAY JOIN
            -- Content in parts came as raw JSON, and so may a text that only looks like it: a second look at these lines tells
            -- the two apart. Variant for every line would double the time of the parse (measured).
            [multiIf(
                notEmpty(p.messages), if(NOT arrayExists((role, content) -> isNull(role) OR startsWith(ifNull(content, ''), '['), p.messages.role, p.messages.content), [], JSONExtract(text, 'messages', turns_type)),
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
            p.call_type != '' AND p.startTime != '' AS named,
            firstNonDefault(p.id, p.litellm_call_id) AS id,
            p.metadata.user_api_key_hash AS key,
            -- Who pays is the key's user; the proxy's own default user is nobody.
            firstNonDefault(user, p.metadata.user_api_key_hash, p.metadata.user_api_key_team_id, p.end_user, p.metadata.user_api_key_end_user_id) AS account,
            firstNonDefault(p.metadata.user_api_key_org_id, p.metadata.user_api_key_team_id) AS org,
            firstNonDefault(p.requester_ip_address, p.metadata.requester_ip_address) AS ip,
            firstNonDefault(p.user_agent, p.metadata.user_agent) AS agent,
            firstNonDefault(p.metadata.user_api_key_request_route, transform(
                p.call_type,
                ['completion', 'acompletion', 'text_completion', 'atext_completion', 'responses', 'aresponses', 'anthropic_messages', 'embedding', 'aembedding'],
                ['/v1/chat/completions', '/v1/chat/completions', '/v1/completions', '/v1/completions', '/v1/responses', '/v1/responses', '/v1/messages',
                    '/v1/embeddings', '/v1/embeddings'],
                ''
            )) AS route,
            firstNonDefault(p.model_group, p.model) AS model,
            -- A failure without a code came from the proxy itself.
            if(p.status = 'failure', if(toUInt16OrZero(p.error_information.error_code) = 0, 500, toUInt16OrZero(p.error_information.error_code)), 200) AS code,
            firstNonDefault(p.model_parameters.tools, p.model_parameters.functions) AS tools,
            if(said = '' AND p.status != 'failure', JSONExtractString(text, 'response'), said) AS answered,
            if(p.status = 'failure', NULL, coalesce(p.prompt_tokens, tokens_in)) AS tokens_before,
            if(p.status = 'failure', NULL, coalesce(p.completion_tokens, tokens_out)) AS tokens_after,
            accurateCastOrNull(round(seconds * 1000), 'UInt32') AS waited,
            {{moment}} AS at,
            map(
                'temperature', p.model_parameters.temperature,
                'top_p', p.model_parameters.top_p,
                'top_k', p.model_parameters.top_k,
                'max_tokens', coalesce(p.model_parameters.max_tokens, p.model_parameters.max_completion_tokens, p.model_parameters.max_output_tokens),
                'n', p.model_parameters.n,
                'logprobs', p.model_parameters.logprobs,
                'top_logprobs', p.model_parameters.top_logprobs,
                'logit_bias', p.model_parameters.logit_bias,
                'presence_penalty', p.model_parameters.presence_penalty,
                'frequency_penalty', p.model_parameters.frequency_penalty,
                'stream', if(p.stream = 'true', p.stream, p.model_parameters.stream),
                'seed', p.model_parameters.seed,
                'stop', if(substring(coalesce(p.model_parameters.stop, p.model_parameters.stop_sequences), 1, 1) IN ('{', '['), coalesce(p.model_parameters.stop, p.model_parameters.stop_sequences), toJSONString(coalesce(p.model_parameters.stop, p.model_parameters.stop_sequences))),
                'response_format', p.model_parameters.response_format,
                'reasoning_effort', toJSONString(coalesce(p.model_parameters.reasoning_effort, p.model_parameters.reasoning.effort)),
                'thinking', p.model_parameters.thinking,
                'tool_choice', if(substring(p.model_parameters.tool_choice, 1, 1) IN ('{', '['), p.model_parameters.tool_choice, toJSONString(p.model_parameters.tool_choice))
            ) AS given_params,
            spoken,
            coalesce(p.model_parameters.system, p.model_parameters.instructions, '') AS rules,
            {{ended}} AS ended
        FROM heard
        ARRAY JOIN
            [multiIf(
                notEmpty(turns), {{spoken}},
                notEmpty(p.messages),
                    arrayMap((role, content) -> (ifNull(role, ''), ifNull(content, '')), p.messages.role, p.messages.content),
                -- Text completions, embeddings: a text and no list.
                JSONExtractString(text, 'messages') != '', [('user', JSONExtractString(text, 'messages'))],
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
                NOT hasAll(JSONExtractKeys(text), ['call_type', 'startTime']) OR hasAny(JSONExtractKeys(text), ['request_id', 'api_key', 'spend']), 'other-format',
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
