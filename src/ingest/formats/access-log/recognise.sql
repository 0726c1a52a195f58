-- `host ident user [day/Month/year:…`, or JSON with a client's address, what it asked for and the status.
match(line, $re$^(?:\S+:\d+ )?\S+ \S+ \S+ \[\d{1,2}/[A-Za-z]{3}/\d{4}:[^\]]*\] "(?:[^"\\]|\\.)*" \d{3} \S$re$)
OR (
    hasAny(arrayMap(name -> replaceRegexpAll(lower(name), '[^a-z0-9]', ''), JSONExtractKeys(line)) AS names_of_access,
        ['remoteaddr', 'remoteip', 'clientip', 'sourceip', 'sourceaddress', 'remotehost'])
    AND hasAny(names_of_access, ['requesturi', 'uri', 'urlpath', 'urloriginal', 'path', 'url', 'request'])
    AND hasAny(names_of_access, ['status', 'statuscode', 'httpresponsestatuscode'])
    AND NOT hasAny(names_of_access, ['requestbody', 'starttime', 'response', 'responsebody'])
    AND JSONType(line, 'request') != 'Object'
)
