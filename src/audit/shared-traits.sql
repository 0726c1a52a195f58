-- Traits that at least two accounts use, with the step in which each account first used it and the
-- step in which it became a habit: used with a second, different message. Both are functions of rows
-- up to that step only. Phrases count when two accounts have the habit; a shared sentence is no template.
WITH 4294967295 AS never
SELECT
    kind,
    trait,
    groupArray(account) AS accounts,
    groupArray(first) AS firsts,
    groupArray(habit) AS habits
FROM
(
    SELECT
        kind,
        trait,
        account,
        min(step) AS first,
        argMin(body, step) AS first_body,
        -- Where a first step holds two messages, whichever is taken as first the other makes the habit.
        arrayMin(arrayMap((at, what) -> if(what = first_body, toUInt32(never), at), groupArray(step), groupArray(body))) AS habit
    FROM trait_use
    WHERE trait IN (SELECT trait FROM trait_use GROUP BY trait HAVING min(account) < max(account))
    GROUP BY kind, trait, account
)
GROUP BY kind, trait
HAVING countIf(habit < never) >= 2
