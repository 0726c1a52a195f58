-- Envoy's access log: the default text format (Envoy's and Istio's), and JSON with the usual names, among them those of
-- Envoy AI Gateway, which adds the model and the tokens. No bodies.
-- https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage (default format string),
-- https://aigateway.envoyproxy.io/docs/capabilities/observability/accesslogs
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
            found,
            e
        FROM mended
        ARRAY JOIN
            [extractGroups(if(startsWith(text, '{'), '', text), $re$^\[(\d{4}-\d\d-\d\dT[^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{1,3}) \S+ (?:\S+ \S+ "[^"]*" )?\S+ \S+ (\S+) \S+ "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"$re$)] AS found,
            [CAST(arrayMap(pair -> (replaceRegexpAll(lower(pair.1), '[^a-z0-9]', ''), pair.2), JSONExtractKeysAndValues(if(startsWith(text, '{'), text, ''), 'String')), 'Map(String, String)')] AS e
    ),
    named AS (
        SELECT
            line_no,
            text,
            notEmpty(found) AS matched,
            if(matched, found[1], firstNonDefault(e['starttime'], e['timestamp'], e['time'])) AS stamp,
            -- A peer may come with its port.
            replaceRegexpOne(firstNonDefault(e['downstreamremoteaddresswithoutport'], e['downstreamremoteaddress'], e['downstreamdirectremoteaddress']), '^\\[?([0-9a-fA-F:.]+?)\\]?:[0-9]+$', '\\1') AS peer,
            if(matched, found[5], firstNonDefault(e['xforwardedfor'], e['forwardedfor'])) AS forwarded_for,
            firstNonDefault(e['account'], e['accountid'], e['userid'], e['xuserid'], e['jwtsub'], e['consumer']) AS user_given,
            if(user_given = '-', '', user_given) AS user,
            firstNonDefault(e['apikeyhash'], e['apikeyid'], e['keyhash'], e['keyid']) AS key_given,
            firstNonDefault(e['xapikey'], e['apikey'], e['authorization']) AS secret_given,
            if(secret_given = '-', '', secret_given) AS secret,
            if(matched, found[7], firstNonDefault(e['requestid'], e['xrequestid'])) AS id_found,
            if(id_found = '-', '', id_found) AS id_given,
            if(matched, splitByChar(' ', found[2])[1], e['method']) AS method,
            if(matched, splitByChar(' ', found[2])[2], firstNonDefault(e['xenvoyoriginalpath'], e['path'], e['xenvoyoriginaldstpath'])) AS target,
            if(matched, found[6], e['useragent']) AS agent_given,
            if(agent_given = '-', '', agent_given) AS agent,
            e['country'] AS country,
            toUInt16OrZero(if(matched, found[3], e['responsecode'])) AS answered,
            -- 0 is a client that left before the answer.
            if(answered = 0, 499, answered) AS code,
            firstNonDefault(e['genairequestmodel'], e['genaimodelname'], e['xaiegmodel'], e['model']) AS model,
            accurateCastOrNull(toFloat64OrNull(firstNonDefault(e['genaiusageinputtokens'], e['genaitokensinput'])), 'UInt32') AS tokens_before,
            accurateCastOrNull(toFloat64OrNull(firstNonDefault(e['genaiusageoutputtokens'], e['genaitokensoutput'])), 'UInt32') AS tokens_after,
            accurateCastOrNull(round(toFloat64OrNull(if(matched, found[4], e['duration']))), 'UInt32') AS waited,
            matched OR (mapContains(e, 'starttime') AND mapContains(e, 'responsecode')) AS recognised
        FROM read
    ),
    facts AS (
        SELECT
            *,
            -- Behind a balancer the client is the rightmost public address of X-Forwarded-For: what stands left of it the client
            -- may have written itself.
            arrayLast(
                address -> address != '' AND address != '-' AND NOT match(address, '^(10[.]|127[.]|192[.]168[.]|172[.](1[6-9]|2[0-9]|3[01])[.]|169[.]254[.]|::1|f[cd][0-9a-f]{2}:)'),
                arrayMap(address -> trimBoth(address), splitByChar(',', forwarded_for))
            ) AS forwarded,
            if(peer IN ('', '-') OR (forwarded != '' AND match(peer, '^(10[.]|127[.]|192[.]168[.]|172[.](1[6-9]|2[0-9]|3[01])[.]|169[.]254[.]|::1|f[cd][0-9a-f]{2}:)')), forwarded, peer) AS ip,
            -- A key is a secret: from here on it is known by its hash.
            firstNonDefault(key_given, if(secret = '', '', concat('sha256:', lower(substring(hex(SHA256(secret)), 1, 24))))) AS key,
            toFloat64OrNull(stamp) AS number,
            cutQueryString(if(position(target, '://') > 0, path(target), target)) AS route
        FROM named
    ),
    known AS (
        SELECT
            *,
            -- Who has neither a name nor a key here goes by the address.
            firstNonDefault(user, key, ip) AS account,
            -- No line of these logs has to have an id: its text and its place make one.
            if(id_given = '', lower(hex(sipHash64(text, line_no))), id_given) AS id,
            {{moment}} AS at
        FROM facts
    ),
    judged AS (
        SELECT
            *,
            -- Outside this century the clock or the field is wrong.
            ifNull(at >= toDateTime64('2000-01-01', 3, 'UTC') AND at < toDateTime64('2100-01-01', 3, 'UTC'), 0) AS timed,
            multiIf(
                startsWith(text, '{') AND NOT isValidJSON(text), 'not-json',
                NOT recognised, 'other-format',
                method IN ('GET', 'HEAD', 'OPTIONS'), 'no call',
                account = '', 'no-account',
                NOT timed, 'bad-time',
                ''
            ) AS trouble,
            trouble = '' AS good
        FROM known
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
    if(good, agent, '') AS user_agent,
    NULL::Nullable(Date) AS account_created,
    if(good, route, '') AS path,
    if(good, model, '') AS model,
    if(good, code, 0)::UInt16 AS status,
    []::Array(String) AS roles,
    []::Array(String) AS contents,
    '' AS tools,
    map()::Map(String, String) AS params,
    '' AS output,
    '' AS finish_reason,
    if(good, tokens_before, NULL) AS prompt_tokens,
    if(good, tokens_after, NULL) AS completion_tokens,
    if(good, waited, NULL) AS latency_ms
FROM judged
-- To fetch a list of models or a health page is no exchange.
WHERE trouble != 'no call'
