-- The most answers in its history that others of the case were served, or present as well.
length(arrayIntersect(presented, shared))
