SELECT campaign, toString(toDate(time)) AS day, count() AS exchanges
FROM exchange
INNER JOIN campaign_member USING (account)
GROUP BY campaign, day
ORDER BY campaign, day
