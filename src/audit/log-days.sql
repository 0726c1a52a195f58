SELECT toString(toDate(time)) AS day, count() AS exchanges
FROM exchange
GROUP BY day
ORDER BY day
