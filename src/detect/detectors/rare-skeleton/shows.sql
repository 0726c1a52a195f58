-- The most of the wording that others of the case use as well.
length(arrayIntersect(arrayConcat(phrases, opening_phrases), shared))
