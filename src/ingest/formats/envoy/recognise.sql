-- `[2026-03-02T…Z] "POST /… HTTP/2" 200 …`, or JSON with Envoy's own names.
match(line, $re$^\[\d{4}-\d\d-\d\dT[^\]]+\] "(?:[^"\\]|\\.)*" \d{1,3} \S+ (?:\S+ \S+ "[^"]*" )?\S+ \S+ \S+ \S+ "$re$)
OR hasAll(JSONExtractKeys(line), ['start_time', 'response_code'])
