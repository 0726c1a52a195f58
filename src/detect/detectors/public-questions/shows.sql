-- Messages that others of the case sent word for word.
message != 0 AND has(shared, message)
