-- Conversations that crossed accounts: an answer served to one account, presented as history by
-- another that had not been served it. Everything is judged at the moment an account first presents
-- the answer, so that later rows change nothing. An answer served to more than one account by then
-- shows nothing: two who asked the same were told the same, and either may have begun the conversation.
WITH
    presented AS
    (
        SELECT answer, account, min(time) AS at, argMin(step, time) AS then
        FROM (SELECT arrayJoin(presented) AS answer, account, time, step FROM {{exchange}})
        WHERE (answer, account) NOT IN (SELECT thing, account FROM {{earlier}} WHERE kind = 24)
        GROUP BY answer, account
    ),
    served AS
    (
        SELECT answer, groupArraySorted(2)((at, account)) AS owners
        FROM
        (
            SELECT answer, account, min(time) AS at
            FROM
            (
                SELECT arrayJoin(served) AS answer, account, time FROM {{exchange}} WHERE notEmpty(served)
                UNION ALL
                SELECT thing AS answer, account, first AS time FROM {{earlier}} WHERE kind = 23
            )
            GROUP BY answer, account
        )
        WHERE answer IN (SELECT answer FROM presented)
        GROUP BY answer
    )
SELECT
    account,
    owner.2 AS other,
    then AS step,
    -- Two matches at one moment are a long answer, which has two hashes, or two turns of one history; a
    -- single one may be a short answer that two customers were given alike.
    uniqExact(at) AS n
FROM
(
    SELECT account, at, then, owner, uniqExact(answer) OVER (PARTITION BY account, at, owner.2) AS matches
    FROM
    (
        SELECT
            presented.account AS account,
            presented.at AS at,
            presented.then AS then,
            presented.answer AS answer,
            arrayFilter(owner -> owner.1 < presented.at, served.owners) AS owners_then
        FROM presented
        INNER JOIN served ON presented.answer = served.answer
    )
    ARRAY JOIN owners_then AS owner
    WHERE length(owners_then) = 1 AND owner.2 != account
)
WHERE matches > 1
GROUP BY account, other, step
ORDER BY step, account, other
