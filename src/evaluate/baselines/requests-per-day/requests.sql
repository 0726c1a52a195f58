SELECT account, max(requests) AS score
FROM (SELECT account, toDate(time) AS day, count() AS requests FROM exchange GROUP BY account, day)
GROUP BY account
