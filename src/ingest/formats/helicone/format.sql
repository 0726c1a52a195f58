-- Helicone's requests as its export tool, its REST API and its database give them, with bodies.
-- https://docs.helicone.ai/tools/export (the package @helicone/export, with bodies), Helicone/helicone
-- packages/llm-mapper/types.ts (HeliconeRequest).
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
            e['requestbody'] AS body,
            request,
            answer
        FROM row_read
        ARRAY JOIN
            [JSONExtract(
                e['requestbody'],
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
            )] AS request,
            [JSONExtract(
                e['responsebody'],    'Tuple(
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
            e['requestcreatedat'] AS stamp,
            firstNonDefault(e['requestpath'], e['targeturl']) AS address,
            turns
        FROM read
        ARRAY JOIN
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
            mapContains(e, 'requestcreatedat') AS named,
            firstNonDefault(e['requestid'], e['responseid']) AS id,
            firstNonDefault(e['heliconeapikeyid'], e['keyname']) AS key,
            -- The user the application named in Helicone-User-Id; without one, Helicone's key.
            firstNonDefault(e['requestuserid'], e['userid'], e['heliconeuser'], e['heliconeapikeyid'], e['keyname'], request.safety_identifier, request.user) AS account,
            firstNonDefault(e['requestip'], e['ip']) AS ip,
            e['countrycode'] AS country,
            cutQueryString(if(position(address, '://') > 0, path(address), address)) AS route,
            firstNonDefault(request.model, e['requestmodel'], e['model'], e['modeloverride'], e['responsemodel']) AS model,
            -- Helicone writes -1 where the client left before the answer.
            if(startsWith(e['responsestatus'], '-'), 499, toUInt16OrZero(firstNonDefault(e['responsestatus'], e['status']))) AS code,
            firstNonDefault(request.tools, request.functions) AS tools,
            said,
            coalesce(accurateCastOrNull(toFloat64OrNull(e['prompttokens']), 'UInt32'), tokens_in) AS tokens_before,
            coalesce(accurateCastOrNull(toFloat64OrNull(e['completiontokens']), 'UInt32'), tokens_out) AS tokens_after,
            accurateCastOrNull(round(toFloat64OrNull(firstNonDefault(e['delayms'], e['latency']))), 'UInt32') AS waited,
            {{moment}} AS at,
            {{sampling}} AS given_params,
            spoken,
            coalesce(request.system, request.instructions, '') AS rules,
            {{ended}} AS ended
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
                NOT has(JSONExtractKeys(text), 'request_created_at'), 'other-format',
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
    '' AS org,
    if(good, ip, '') AS ip,
    if(good AND length(country) = 2, upper(country), '') AS country,
    '' AS user_agent,
    NULL::Nullable(Date) AS account_created,
    if(good, route, '') AS path,
    if(good, model, '') AS model,
    if(good, if(code = 0, 200, code), 0)::UInt16 AS status,
    arrayMap(turn -> turn.1, kept) AS roles,
    arrayMap(turn -> turn.2, kept) AS contents,
    if(good, tools, '') AS tools,
    if(good, mapFilter((name, value) -> isNotNull(value), given_params), map())::Map(String, String) AS params,
    if(good, said, '') AS output,
    if(good, ended, '') AS finish_reason,
    if(good, tokens_before, NULL) AS prompt_tokens,
    if(good, tokens_after, NULL) AS completion_tokens,
    if(good, waited, NULL) AS latency_ms
FROM judged
