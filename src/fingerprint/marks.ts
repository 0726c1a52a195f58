/** What a request asks for, one bit each in `exchange.marks`; `marks.sql` sets them. */
export const marks = [
  { bit: 1, name: 'worked-out reasoning' },
  { bit: 2, name: 'grading by rubric' },
  { bit: 4, name: 'training-format output' },
  { bit: 8, name: 'self-description of rules' },
  { bit: 16, name: 'likelihoods' },
  { bit: 32, name: 'likelihood bias' },
  { bit: 64, name: 'several answers at once' },
  { bit: 128, name: 'one-token answers' },
] as const
