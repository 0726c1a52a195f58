-- A pace is of all exchanges; the busiest are no better than the first.
1
