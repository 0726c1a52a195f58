-- The last that were seen.
toUnixTimestamp(time)
