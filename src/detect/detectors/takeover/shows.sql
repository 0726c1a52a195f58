-- The latest; the earliest are of the hands before.
toUnixTimestamp(time)
