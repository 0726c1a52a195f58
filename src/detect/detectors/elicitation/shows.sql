-- What was asked for, most kinds at once first.
bitCount(bitAnd(marks, 15))
