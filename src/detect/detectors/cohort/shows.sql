-- The first that were seen.
4294967295 - toUnixTimestamp(time)
