-- Access logs of nginx and Apache: the common and combined text formats (also with the host in front, and with nginx's
-- X-Forwarded-For behind), and JSON lines with the usual names. No bodies.
-- https://nginx.org/en/docs/http/ngx_http_log_module.html (log_format combined),
-- https://httpd.apache.org/docs/2.4/mod/mod_log_config.html (common, combined, vhost_combined)
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
            [extractGroups(if(startsWith(text, '{'), '', text), $re$^(?:\S+:\d+ )?(\S+) \S+ (\S+) \[(\d{1,2}/[A-Za-z]{3}/\d{4}:[^\]]*)\] "((?:[^"\\]|\\.)*)" (\d{3}) \S+(?: "(?:[^"\\]|\\.)*" "((?:[^"\\]|\\.)*)")?(?: "((?:[^"\\]|\\.)*)")?$re$)] AS found,
            [CAST(arrayMap(pair -> (replaceRegexpAll(lower(pair.1), '[^a-z0-9]', ''), pair.2), JSONExtractKeysAndValues(if(startsWith(text, '{'), text, ''), 'String')), 'Map(String, String)')] AS e
    ),
    named AS (
        SELECT
            line_no,
            text,
            notEmpty(found) AS matched,
            -- `02/Mar/2026:08:15:30 +0100` in an order that the parser of times knows.
            trim(BOTH '[]' FROM if(matched, found[3], firstNonDefault(e['timeiso8601'], e['time'], e['timestamp'], e['timelocal'], e['msec'], e['date'], e['ts']))) AS time_given,
            if(position(time_given, '/') > 0,
                concat(substring(time_given, 1, 2), ' ', substring(time_given, 4, 3), ' ', substring(time_given, 8, 4), ' ', substring(time_given, 13)),
                time_given) AS stamp,
            if(matched, found[1], firstNonDefault(e['remoteaddr'], e['remoteip'], e['clientip'], e['sourceip'], e['sourceaddress'], e['remotehost'])) AS peer,
            if(matched, found[7], firstNonDefault(e['httpxforwardedfor'], e['xforwardedfor'], e['forwardedfor'])) AS forwarded_for,
            if(matched, found[2], firstNonDefault(e['account'], e['accountid'], e['customerid'], e['consumer'], e['remoteuser'], e['user'], e['username'])) AS user_given,
            if(user_given = '-', '', user_given) AS user,
            firstNonDefault(e['apikeyhash'], e['apikeyid'], e['keyhash'], e['keyid']) AS key_given,
            firstNonDefault(e['httpxapikey'], e['xapikey'], e['apikey'], e['httpauthorization'], e['authorization']) AS secret_given,
            if(secret_given = '-', '', secret_given) AS secret,
            firstNonDefault(e['requestid'], e['xrequestid'], e['httpxrequestid'], e['id']) AS id_given,
            if(matched, found[4], firstNonDefault(e['requesturi'], e['uri'], e['urlpath'], e['urloriginal'], e['path'], e['url'], e['request'])) AS request_given,
            if(position(request_given, ' ') > 0, splitByChar(' ', request_given)[1], firstNonDefault(e['requestmethod'], e['method'], e['httprequestmethod'])) AS method,
            multiIf(request_given = '-', '', position(request_given, ' ') > 0, splitByChar(' ', request_given)[2], request_given) AS target,
            if(matched, found[6], firstNonDefault(e['httpuseragent'], e['useragent'], e['useragentoriginal'], e['agent'])) AS agent_given,
            if(agent_given = '-', '', agent_given) AS agent,
            firstNonDefault(e['country'], e['countrycode'], e['geoipcountrycode'], e['geoip2countrycode'], e['httpcfipcountry']) AS country,
            toUInt16OrZero(if(matched, found[5], firstNonDefault(e['status'], e['statuscode'], e['httpresponsestatuscode'], e['response']))) AS code,
            e['model'] AS model,
            NULL::Nullable(UInt32) AS tokens_before,
            NULL::Nullable(UInt32) AS tokens_after,
            -- nginx counts seconds with a fraction.
            accurateCastOrNull(round(coalesce(toFloat64OrNull(e['requesttime']) * 1000, toFloat64OrNull(firstNonDefault(e['durationms'], e['latencyms'])))), 'UInt32') AS waited,
            matched OR (
                arrayExists(name -> mapContains(e, name), ['remoteaddr', 'remoteip', 'clientip', 'sourceip', 'sourceaddress', 'remotehost'])
                AND request_given != '' AND NOT startsWith(request_given, '{') AND code != 0
                AND NOT mapContains(e, 'requestbody') AND NOT mapContains(e, 'starttime') AND NOT mapContains(e, 'response')
            ) AS recognised
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
