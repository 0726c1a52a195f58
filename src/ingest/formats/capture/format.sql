-- A request and its answer as gateways, proxies and middlewares store them: an envelope of their own around the two
-- bodies, which are in the words of the provider's API. Names of the envelope differ, so each field has several; case
-- and underscores do not count (`requestBody` is `request_body`).
-- Bodies: https://platform.openai.com/docs/api-reference (chat/create, completions/create, responses/create) and
-- https://docs.anthropic.com/en/api/messages.
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
    enveloped_lines AS (
        SELECT
            line_no,
            text,
            e
        FROM mended
        ARRAY JOIN
            [CAST(arrayMap(pair -> (replaceAll(lower(pair.1), '_', ''), pair.2), JSONExtractKeysAndValues(text, 'String')), 'Map(String, String)')] AS e
    ),
    bodies AS (
        SELECT
            line_no,
            text,
            e,
            firstNonDefault(e['requestbody'], e['reqbody'], e['request'], e['req']) AS sent_raw,
            firstNonDefault(e['responsebody'], e['resbody'], e['response'], e['res'], e['resp']) AS got_raw
        FROM enveloped_lines
    ),
    held AS (
        SELECT
            line_no,
            text,
            e,
            sent_raw,
            got_raw,
            sent,
            got
        FROM bodies
        ARRAY JOIN
            -- `request` may be the body, or the HTTP request with the body in it; so may `response`.
            [CAST(arrayMap(pair -> (replaceAll(lower(pair.1), '_', ''), pair.2), JSONExtractKeysAndValues(if(position(sent_raw, '"body"') > 0, sent_raw, ''), 'String')), 'Map(String, String)')] AS sent,
            [CAST(arrayMap(pair -> (replaceAll(lower(pair.1), '_', ''), pair.2), JSONExtractKeysAndValues(if(position(got_raw, '"body"') > 0, got_raw, ''), 'String')), 'Map(String, String)')] AS got
    ),
    unwrapped AS (
        SELECT
            line_no,
            text,
            sent_raw,
            got_raw,
            if(sent['body'] = '', sent_raw, sent['body']) AS body,
            if(got['body'] = '', got_raw, got['body']) AS answer_raw,
            -- A stream stored as it came: one event a line.
            startsWith(answer_raw, 'data:') OR startsWith(answer_raw, 'event:') AS streamed,
            headers,
            firstNonDefault(e['id'], e['requestid']) AS given_id,
            firstNonDefault(e['time'], e['timestamp'], e['ts'], e['createdat'], e['starttime'], e['startedat']) AS given_time,
            firstNonDefault(e['account'], e['accountid'], e['customer'], e['customerid'], e['consumer'], e['tenant'], e['userid'], e['user']) AS given_account,
            firstNonDefault(e['keyid'], e['keyhash'], e['apikeyid'], e['apikeyhash'], e['virtualkey'], e['key'], e['apikey']) AS written_key,
            -- A key in the clear is a secret: from here on it is known by its hash.
            if(startsWith(written_key, 'sk-'), '', written_key) AS given_key,
            firstNonDefault(headers['authorization'], headers['x-api-key'], headers['api-key'], written_key) AS secret,
            firstNonDefault(e['org'], e['orgid'], e['organization'], e['organizationid'], e['team'], e['teamid'], e['projectid']) AS given_org,
            firstNonDefault(e['ip'], e['clientip'], e['clientaddress'], e['remoteip']) AS given_ip,
            e['remoteaddr'] AS peer_ip,
            firstNonDefault(e['country'], e['countrycode']) AS given_country,
            e['useragent'] AS given_agent,
            e['accountcreated'] AS opened,
            firstNonDefault(e['path'], e['route'], e['endpoint'], e['url'], e['uri'], sent['path'], sent['url'], sent['uri']) AS address,
            firstNonDefault(e['status'], e['statuscode'], e['responsestatus'], got['status'], got['statuscode']) AS given_status,
            firstNonDefault(e['latencyms'], e['durationms'], e['responsetimems'], e['elapsedms']) AS given_latency,
            e['calltype'] = '' AND e['requestcreatedat'] = '' AND sent_raw != ''
                AND (got_raw != '' OR NOT mapContains(e, 'request') AND NOT mapContains(e, 'req')) AS enveloped
        FROM held
        ARRAY JOIN
            [CAST(arrayMap(
                header -> (lower(header.1), if(startsWith(header.2, '['), JSONExtractString(header.2, 1), header.2)),
                JSONExtractKeysAndValues(firstNonDefault(e['headers'], e['requestheaders'], sent['headers']), 'String')
            ), 'Map(String, String)')] AS headers
    ),
    read AS (
        SELECT
            *,
            request,
            answer
        FROM unwrapped
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
                    {{parameters}},
                    metadata Tuple(user_id String)
                )'
            )] AS request,
            [JSONExtract(
                if(streamed, '', answer_raw),    'Tuple(
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
            firstNonDefault(given_time, ifNull(answer.created, ''), ifNull(answer.created_at, '')) AS stamp,
            if(secret = '', '', concat('sha256:', lower(substring(hex(SHA256(secret)), 1, 24)))) AS secret_hash,
            events,
            turns
        FROM read
        ARRAY JOIN
            -- A stream's words are spread over its events; its token counts stand in one or two of them.
            [arrayMap(
                event -> JSONExtract(substring(event, 6), 'Tuple(
                    type String,
                    choices Array(Tuple(delta Tuple(content Nullable(String)), text Nullable(String), finish_reason Nullable(String))),
                    delta Variant(String, Tuple(text Nullable(String), stop_reason Nullable(String))),
                    usage Tuple(prompt_tokens Nullable(UInt32), completion_tokens Nullable(UInt32), output_tokens Nullable(UInt32)),
                    message Tuple(usage Tuple(input_tokens Nullable(UInt32))),
                    response Tuple(status Nullable(String), usage Tuple(input_tokens Nullable(UInt32), output_tokens Nullable(UInt32)))
                )'),
                arrayFilter(event -> startsWith(event, 'data:'), splitByChar('\n', if(streamed, answer_raw, '')))
            )] AS events,
            -- Content in parts came as raw JSON, and so may a text that only looks like it: a second look at these lines tells
            -- the two apart. Variant for every line would double the time of the parse (measured).
            [multiIf(
                notEmpty(request.messages), if(NOT arrayExists(content -> startsWith(ifNull(content, ''), '['), request.messages.content), [], JSONExtract(body, 'messages', turns_type)),
                startsWith(request.input, '[{'), JSONExtract(body, 'input', turns_type),
                []
            )] AS turns
    ),
    heard AS (
        WITH
            'Array(Tuple(type Nullable(String), text Nullable(String), content Nullable(String)))' AS parts_type,
            'Tuple(text Nullable(String), stop_reason Nullable(String))' AS delta_type
        SELECT
            *,
            toFloat64OrNull(stamp) AS number,
            arrayStringConcat(arrayMap(event -> concat(
                ifNull(event.choices[1].delta.content, ''),
                ifNull(event.choices[1].text, ''),
                if(event.type = 'response.output_text.delta', ifNull(variantElement(event.delta, 'String'), ''), ''),
                ifNull(variantElement(event.delta, delta_type).text, '')
            ), events)) AS streamed_text,
            ifNull(arrayFirst(reason -> isNotNull(reason), arrayReverse(arrayMap(event -> coalesce(
                event.choices[1].finish_reason,
                variantElement(event.delta, delta_type).stop_reason,
                if(startsWith(event.type, 'response.'), event.response.status, NULL)
            ), events))), '') AS streamed_reason,
            arrayReduce('max', arrayMap(
                event -> coalesce(event.usage.prompt_tokens, event.message.usage.input_tokens, event.response.usage.input_tokens), events
            )) AS streamed_tokens_in,
            arrayReduce('max', arrayMap(
                event -> coalesce(event.usage.completion_tokens, event.usage.output_tokens, event.response.usage.output_tokens), events
            )) AS streamed_tokens_out,
            {{heard}}
        FROM found
    ),
    facts AS (
        WITH
            'Array(Tuple(type Nullable(String), text Nullable(String), content Nullable(String)))' AS parts_type
        SELECT
            line_no,
            text,
            enveloped,
            firstNonDefault(given_id, headers['x-request-id'], answer.id) AS id,
            firstNonDefault(given_key, secret_hash) AS key,
            firstNonDefault(given_account, given_key, secret_hash, request.safety_identifier, request.user, request.metadata.user_id) AS account,
            firstNonDefault(given_org, headers['openai-organization']) AS org,
            -- Of X-Forwarded-For the rightmost public address: what stands left of it the client may have written itself.
            arrayLast(
                address -> address != '' AND NOT match(address, '^(10[.]|127[.]|192[.]168[.]|172[.](1[6-9]|2[0-9]|3[01])[.]|169[.]254[.]|::1|f[cd][0-9a-f]{2}:)'),
                arrayMap(address -> trimBoth(address), splitByChar(',', headers['x-forwarded-for']))
            ) AS forwarded,
            firstNonDefault(given_ip, headers['cf-connecting-ip'], headers['true-client-ip'], headers['x-real-ip'], forwarded, peer_ip) AS ip,
            firstNonDefault(given_country, headers['cf-ipcountry'], headers['x-vercel-ip-country']) AS country,
            firstNonDefault(given_agent, headers['user-agent']) AS agent,
            opened,
            cutQueryString(if(position(address, '://') > 0, path(address), address)) AS route,
            firstNonDefault(request.model, answer.model) AS model,
            toUInt16OrZero(given_status) AS code,
            firstNonDefault(request.tools, request.functions) AS tools,
            if(streamed, streamed_text, said) AS output,
            accurateCastOrNull(if(streamed, streamed_tokens_in, tokens_in), 'UInt32') AS tokens_before,
            accurateCastOrNull(if(streamed, streamed_tokens_out, tokens_out), 'UInt32') AS tokens_after,
            accurateCastOrNull(round(toFloat64OrNull(given_latency)), 'UInt32') AS waited,
            {{moment}} AS at,
            {{sampling}} AS given_params,
            spoken,
            coalesce(request.system, request.instructions, '') AS rules,
            -- One vocabulary for why an answer ended, OpenAI's.
            transform(
                if(streamed, streamed_reason, reason),
                ['end_turn', 'stop_sequence', 'completed', 'max_tokens', 'max_output_tokens', 'tool_use', 'refusal'],
                ['stop', 'stop', 'stop', 'length', 'length', 'tool_calls', 'content_filter'],
                if(streamed, streamed_reason, reason)
            ) AS ended
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
                enveloped AND id != '' AND account != '' AND timed AND startsWith(text, '{'), '',
                NOT isValidJSON(text), 'not-json',
                JSONType(text) != 'Object', 'not-an-object',
                NOT enveloped, 'other-format',
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
    if(good, key, '') AS key,
    if(good, org, '') AS org,
    if(good, ip, '') AS ip,
    if(good AND length(country) = 2, upper(country), '') AS country,
    if(good, agent, '') AS user_agent,
    if(good, toDateOrNull(substring(opened, 1, 10)), NULL) AS account_created,
    if(good, route, '') AS path,
    if(good, model, '') AS model,
    if(good, if(code = 0, 200, code), 0)::UInt16 AS status,
    arrayMap(turn -> turn.1, kept) AS roles,
    arrayMap(turn -> turn.2, kept) AS contents,
    if(good, tools, '') AS tools,
    if(good, mapFilter((name, value) -> isNotNull(value), given_params), map())::Map(String, String) AS params,
    if(good, output, '') AS output,
    if(good, ended, '') AS finish_reason,
    if(good, tokens_before, NULL) AS prompt_tokens,
    if(good, tokens_after, NULL) AS completion_tokens,
    if(good, waited, NULL) AS latency_ms
FROM judged
