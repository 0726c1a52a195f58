-- The body of a request with the body of an answer beside it; where the name says that it is a body, one is enough,
-- for a refused request may have no answer.
NOT hasAny(arrayMap(name -> replaceAll(lower(name), '_', ''), JSONExtractKeys(line)) AS names_of_capture, ['calltype', 'requestcreatedat'])
AND (
    hasAny(names_of_capture, ['requestbody', 'reqbody'])
    OR (hasAny(names_of_capture, ['request', 'req']) AND hasAny(names_of_capture, ['responsebody', 'resbody', 'response', 'res', 'resp']))
)
