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
            -- simdjson refuses a whole line for one bad byte or half a surrogate pair, which any client can put into a
            -- prompt by cutting an emoji in two: such lines are mended, or they would be a hiding place.
            if(
                (isValidUTF8(line) AND NOT multiSearchAny(line, ['\\ud', '\\uD'])) OR isValidJSON(line),
                line,
                toValidUTF8(replaceRegexpAll(
                    line,
                    $re$(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|(\\.)$re$,
                    $to$\1\2$to$
                ))
            ) AS text
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
                    temperature Nullable(String),
                    top_p Nullable(String),
                    top_k Nullable(String),
                    max_tokens Nullable(String),
                    max_completion_tokens Nullable(String),
                    max_output_tokens Nullable(String),
                    n Nullable(String),
                    logprobs Nullable(String),
                    top_logprobs Nullable(String),
                    logit_bias Nullable(String),
                    presence_penalty Nullable(String),
                    frequency_penalty Nullable(String),
                    stream Nullable(String),
                    seed Nullable(String),
                    stop Nullable(String),
                    stop_sequences Nullable(String),
                    response_format Nullable(String),
                    reasoning_effort Nullable(String),
                    reasoning Tuple(effort Nullable(String)),
                    thinking Nullable(String),
                    tool_choice Nullable(String)
                )'
            )] AS settings,
            [JSONExtract(
                reply,    'Tuple(
                    id String,
                    model String,
                    type String,
                    created Nullable(String),
                    created_at Nullable(String),
                    choices Array(Tuple(message Tuple(content Nullable(String)), text Nullable(String), finish_reason Nullable(String))),
                    content Array(Tuple(text Nullable(String))),
                    output Array(Tuple(content Array(Tuple(text Nullable(String))))),
                    stop_reason Nullable(String),
                    incomplete_details Tuple(reason Nullable(String)),
                    status Nullable(String),
                    usage Tuple(
                        prompt_tokens Nullable(UInt32),
                        completion_tokens Nullable(UInt32),
                        input_tokens Nullable(UInt32),
                        output_tokens Nullable(UInt32),
                        cache_read_input_tokens Nullable(UInt32),
                        cache_creation_input_tokens Nullable(UInt32)
                    )
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
            -- A message is text, or parts with text in them; an image or a call has none. Anthropic's tool results come as parts
            -- of a user's message and count as the tool's words, or an agent's files would pass for a person's questions.
            arrayMap(turn -> arrayStringConcat(arrayFilter(word -> word != '', arrayMap(
                part -> ifNull(part.text, ''), variantElement(turn.content, parts_type))), '\n'), turns) AS texts,
            arrayMap(turn -> arrayStringConcat(arrayMap(
                part -> if(
                    startsWith(ifNull(part.content, ''), '['),
                    arrayStringConcat(JSONExtract(ifNull(part.content, ''), 'Array(Tuple(text String))').text, '\n'),
                    ifNull(part.content, '')
                ),
                arrayFilter(part -> ifNull(part.type, '') = 'tool_result', variantElement(turn.content, parts_type))
            ), '\n'), turns) AS results,
            firstNonDefault(
                ifNull(answer.choices[1].message.content, ''),
                ifNull(answer.choices[1].text, ''),
                arrayStringConcat(arrayFilter(word -> word != '', arrayMap(word -> ifNull(word, ''), answer.content.text)), '\n'),
                arrayStringConcat(arrayFilter(word -> word != '', arrayMap(word -> ifNull(word, ''), arrayFlatten(answer.output.content.text))), '\n')
            ) AS said,
            firstNonDefault(
                ifNull(answer.choices[1].finish_reason, ''),
                ifNull(answer.stop_reason, ''),
                ifNull(answer.incomplete_details.reason, ''),
                if(notEmpty(answer.output), ifNull(answer.status, ''), '')
            ) AS reason,
            -- Anthropic counts what came from the cache apart.
            coalesce(
                answer.usage.prompt_tokens,
                answer.usage.input_tokens + ifNull(answer.usage.cache_read_input_tokens, 0) + ifNull(answer.usage.cache_creation_input_tokens, 0)
            )::Nullable(UInt32) AS tokens_in,
            coalesce(answer.usage.completion_tokens, answer.usage.output_tokens) AS tokens_out
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
            -- RFC 3339 or a Unix time; the size of the number says whether it counts seconds, ms, µs or ns.
            if(
                isNull(number),
                parseDateTime64BestEffortOrNull(stamp, 3, 'UTC'),
                fromUnixTimestamp64Milli(toInt64(multiIf(
                    NOT (number BETWEEN 1 AND 4e18), 0.,
                    number < 1e11, number * 1000,
                    number < 1e14, number,
                    number < 1e17, number / 1000,
                    number / 1000000
                )), 'UTC')
            ) AS at,
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
            -- One vocabulary for why an answer ended, OpenAI's.
            transform(
                reason,
                ['end_turn', 'stop_sequence', 'completed', 'max_tokens', 'max_output_tokens', 'tool_use', 'refusal'],
                ['stop', 'stop', 'stop', 'length', 'length', 'tool_calls', 'content_filter'],
                reason
            ) AS ended,
            accurateCastOrNull(toFloat64(dateDiff('millisecond', at, ended_at)), 'UInt32') AS waited
        FROM heard
        ARRAY JOIN
            [multiIf(
                notEmpty(turns), arrayFilter(turn -> turn.1 != '', arrayMap(
                    (turn, text, result) -> multiIf(
                        endsWith(ifNull(turn.type, ''), '_call_output'), ('tool', ifNull(turn.output, '')),
                        isNotNull(variantElement(turn.content, 'String')), (ifNull(turn.role, ''), ifNull(variantElement(turn.content, 'String'), '')),
                        text = '' AND result != '', ('tool', result),
                        (ifNull(turn.role, ''), text)
                    ),
                    turns, texts, results
                )),
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
