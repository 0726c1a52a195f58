-- The most answers in its history that others of the case were served, or present as well; or a request that
-- was refused and that others sent.
length(arrayIntersect(presented, shared)) + (status >= 400 AND has(shared, message))
