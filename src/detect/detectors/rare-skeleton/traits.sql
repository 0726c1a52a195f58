-- The clauses that frame each message (its skeleton), with the message they framed; those of a
-- conversation's first message with that one, so that its later turns do not make them a habit.
SELECT
    1 AS kind,
    use.1 AS trait,
    account,
    step,
    use.2 AS body
FROM {{exchange}}
ARRAY JOIN arrayConcat(
    arrayMap(phrase -> (phrase, message), phrases),
    arrayMap(phrase -> (phrase, opening), opening_phrases)
) AS use
