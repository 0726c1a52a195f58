-- Traits that at least two accounts use habitually, one row for the step in which each account first
-- used it (habit 0) and one for the step in which that became a habit (habit 1): it used the trait
-- with a second, different message. Both are functions of rows up to that step only.
WITH 4294967295 AS never
SELECT
    event.2 AS habit,
    toUInt32(event.1) AS step,
    kind,
    trait,
    use.1 AS account
FROM
(
    SELECT kind, trait, groupArray((account, first, habit_step)) AS uses, arraySort(groupArray(habit_step))[2] AS shared_from
    FROM
    (
        SELECT
            kind,
            trait,
            account,
            min(step) AS first,
            argMin(body, step) AS first_body,
            -- Where a first step holds two messages, whichever is taken as first the other makes the habit.
            arrayMin(arrayMap((at, what) -> if(what = first_body, toUInt32(never), at), groupArray(step), groupArray(body))) AS habit_step
        FROM {{uses}}
        WHERE trait IN (SELECT trait FROM {{uses}} GROUP BY trait HAVING min(account) < max(account))
        GROUP BY kind, trait, account
    )
    GROUP BY kind, trait
    HAVING countIf(habit_step < never) >= 2
)
ARRAY JOIN uses AS use
ARRAY JOIN [(use.2, 0), (use.3, 1)] AS event
-- What a window gives of a trait that was shared before is its own; of one that it makes shared, all there is.
WHERE event.1 < never AND (event.1 >= {from:UInt32} OR shared_from >= {from:UInt32})
