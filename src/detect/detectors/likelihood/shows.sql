-- Likelihoods asked for, or steered.
bitCount(bitAnd(marks, 48))
