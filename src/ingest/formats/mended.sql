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
)
