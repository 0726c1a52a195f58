export { type Because, decide, type Decision, type Subject } from './decide.ts'
export {
  type Action,
  actions,
  floors,
  gravity,
  type Policy,
  type Rule,
  ruleProblems,
  standardRules,
} from './policy.ts'
export { type Candidate, type ClassHit, simulate } from './simulate.ts'
export { isSpent, rulingInForce, spent } from './spent.ts'
export { statement } from './statement.ts'
