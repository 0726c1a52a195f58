-- Canonical rows (docs/formats/README.md) to keyed fingerprints. No text leaves this query.
--
-- h(kind, text) is SipHash-2-4 keyed with the deployment's secret, its top 53 bits; `kind` keeps equal
-- texts in different fields apart. Long texts are read at both ends only: a template frames its slot,
-- and 50 kB of a coding agent's context is body.
WITH
    (kind, text) -> bitShiftRight(sipHash64Keyed(({k0:UInt64}, {k1:UInt64}), concat(kind, '\0', text)), 11) AS h,
    arrayLastIndex(role -> role = 'user', roles) AS last_user,
    if(last_user = 0, '', contents[last_user]) AS last_text,
    arrayFirstIndex(role -> role = 'user', roles) AS first_user,
    if(first_user = 0, '', contents[first_user]) AS first_text,
    arrayFirstIndex(role -> role IN ('system', 'developer'), roles) AS first_system,
    if(first_system = 0, '', contents[first_system]) AS system_text,
    -- The two ends of the message, lower-cased, numbers and quoted spans masked: the skeleton's raw material.
    -- Fixed-string replacements first: one expression with every pair of quotes in it was 16 times slower (measured).
    (text) -> replaceRegexpAll(replaceRegexpAll(replaceAll(replaceAll(lowerUTF8(toValidUTF8(text)), '“', '"'), '”', '"'), '"[^"]*"', '"'), '[0-9]+', '0') AS skeleton,
    skeleton(substring(last_text, 1, 700)) AS head_text,
    if(length(last_text) <= 700, head_text, skeleton(substring(last_text, greatest(701, length(last_text) - 699)))) AS tail_text,
    -- Clauses: what stands between sentence ends, in any script; the comma divides only scripts written without
    -- spaces. `extractAll` of what is no separator is 10 times faster than splitting at separators (measured).
    (text) -> arrayFilter(clause -> length(clause) >= 12, arrayMap(clause -> trimBoth(clause), extractAll(text, '[^.!?:\\n\\r。．！？；：，、।؟]+'))) AS clauses,
    clauses(head_text) AS head_clauses,
    clauses(tail_text) AS tail_clauses,
    if(first_user = last_user, [], clauses(skeleton(substring(first_text, 1, 700)))) AS opening_clauses,
    -- A slot inside a clause changes its hash, so the outermost clauses also count by their first and last words,
    -- or, in scripts that put no spaces between words, by eight characters (RE2 script classes).
    (clause) -> position(clause, ' ') > 0 AND NOT match(clause, '[\\p{Han}\\p{Hiragana}\\p{Katakana}\\p{Thai}\\p{Lao}\\p{Khmer}\\p{Myanmar}]') AS spaced,
    (clause) -> if(spaced(clause), arrayStringConcat(arraySlice(splitByChar(' ', clause), 1, 5), ' '), substringUTF8(clause, 1, 8)) AS first_words,
    (clause) -> if(spaced(clause), arrayStringConcat(arraySlice(splitByChar(' ', clause), -5, 5), ' '), substringUTF8(clause, -8, 8)) AS last_words,
    -- A clause of more than 400 bytes is body: it counts by its ends only.
    (found) -> arrayMap(clause -> h('clause', clause), arrayFilter(clause -> length(clause) <= 400, found)) AS clause_hashes,
    -- What the marks read: both ends as they are, but for what parts words (tools/marks/substrings.ts does the same).
    (text) -> translate(replaceAll(replaceAll(lowerUTF8(toValidUTF8(text)), '“', '"'), '”', '"'), '\t\n\r!"#$%&\'()*+,-./:;=?@[\\]^_`{|}~0123456789', '                                           ') AS spread,
    concat(' ', spread(substring(last_text, 1, 700)), ' ', if(length(last_text) <= 700, '', spread(substring(last_text, greatest(701, length(last_text) - 699)))), ' ') AS asked_text,
    {{asks_found}} AS asks_found,
    -- Answers are compared by the first 48 bytes and the 96 after them: logs often keep only the beginning.
    (text) -> lowerUTF8(toValidUTF8(substring(trimBoth(text), 1, 160))) AS answer,
    (text) -> arrayFilter(hash -> hash != 0, [if(length(text) >= 24, h('answer', substring(text, 1, 48)), 0), if(length(text) >= 144, h('answer+', substring(text, 49, 96)), 0)]) AS answer_hashes,
    toIPv6OrNull(trimBoth(splitByChar(',', ip)[1])) AS address,
    isNull(address) ? 128 : (startsWith(IPv6NumToString(assumeNotNull(address)), '::ffff:') ? 120 : 48) AS network_bits,
    isNull(address) ? 128 : (startsWith(IPv6NumToString(assumeNotNull(address)), '::ffff:') ? 128 : 64) AS host_bits,
    (bits) -> IPv6NumToString(IPv6CIDRToRange(assumeNotNull(address), bits).1) AS prefix,
    coalesce(c.completion_tokens, intDiv(length(output), 4)) AS tokens_out,
    toUInt32OrZero(c.params['n']) AS choices
SELECT
    time,
    h('exchange', c.id) AS id,
    h('account', c.account) AS account,
    if(key = '', 0, h('key', key)) AS api_key,
    if(c.org = '', 0, h('org', c.org)) AS org,
    isNull(address) ? 0 : h('host', prefix(toUInt8(host_bits))) AS host,
    isNull(address) ? 0 : h('network', prefix(toUInt8(network_bits))) AS network,
    country,
    ifNull(account_created, toDate(0)) AS created,
    if(user_agent = '', 0, h('agent', user_agent)) AS agent,
    if(user_agent = '', 0, h('client', replaceRegexpAll(substring(user_agent, 1, 200), '[0-9]+', ''))) AS client,
    h('params', toString(mapSort(mapFilter((name, value) -> name NOT IN ('seed', 'user'), c.params)))) AS params,
    path,
    model,
    status,
    if(system_text = '', 0, h('system', skeleton(substring(system_text, 1, 2000)))) AS system,
    if(c.tools IN ('', '[]', 'null'), 0, h('tools', c.tools)) AS tools,
    if(first_text = '', 0, h('message', first_text)) AS opening,
    if(last_text = '', 0, h('message', last_text)) AS message,
    arrayDistinct(arrayConcat(
        clause_hashes(arraySlice(head_clauses, 1, 3)),
        clause_hashes(arraySlice(tail_clauses, -3, 3)),
        arrayMap(clause -> h('first', first_words(clause)), arraySlice(head_clauses, 1, 1)),
        arrayMap(clause -> h('first', first_words(clause)), arraySlice(tail_clauses, -1, 1)),
        arrayMap(clause -> h('last', last_words(clause)), arraySlice(tail_clauses, -1, 1))
    )) AS phrases,
    -- Of a conversation's first message, where the last one is another; in the same kinds, so that a template
    -- is the same whether it opens a conversation or is one.
    arrayDistinct(arrayConcat(
        clause_hashes(arraySlice(opening_clauses, 1, 2)),
        clause_hashes(arraySlice(opening_clauses, -2, 2)),
        arrayMap(clause -> h('first', first_words(clause)), arraySlice(opening_clauses, 1, 1))
    )) AS opening_phrases,
    if(first_text = '', 0, h('conversation', concat(skeleton(substring(system_text, 1, 700)), '\0', skeleton(substring(first_text, 1, 700))))) AS conversation,
    toUInt16(least(length(roles), 65535)) AS turns,
    toUInt32(least(length(last_text), 4294967295)) AS message_chars,
    ifNull(c.prompt_tokens, 0) AS prompt_tokens,
    toUInt32(tokens_out) AS completion_tokens,
    ifNull(c.latency_ms, 0) AS latency_ms,
    finish_reason,
    toUInt32({{marks}}) AS marks,
    toUInt32(
        (isNotNull(address) ? 1 : 0)
        + (user_agent != '' ? 2 : 0)
        + (isNotNull(account_created) ? 4 : 0)
        + (c.org != '' ? 8 : 0)
        + (notEmpty(roles) ? 16 : 0)
        + (output != '' ? 32 : 0)
        + (isNotNull(c.completion_tokens) ? 64 : 0)
        + (notEmpty(roles) ? 128 : 0)
        + (has(roles, 'assistant') ? 256 : 0)
    ) AS present,
    answer_hashes(answer(output)) AS served,
    -- The last eight turns are enough to see where a conversation came from.
    arrayDistinct(arrayFlatten(arrayMap(
        text -> answer_hashes(answer(text)),
        arraySlice(arrayFilter((text, role) -> role = 'assistant' AND text != '', contents, roles), -8, 8)
    ))) AS presented,
    {file_no:UInt32} AS file_no,
    line_no,
    problem,
    toUInt64(0) AS line_hash,
    if(problem = '', concat(
        substring(sipHash128Keyed(({k1:UInt64}, {k0:UInt64}), c.account), 1, 12),
        encrypt('aes-256-gcm', c.account, {seal:String}, substring(sipHash128Keyed(({k1:UInt64}, {k0:UInt64}), c.account), 1, 12))
    ), '') AS sealed_account
FROM
(
    {{canonical}}
) AS c
