export type { CaseRecord } from './case.ts'
export type { Exchange, SeenExchange, ExchangeRequest, Message } from './exchange.ts'
export type { EngineNews, StandingChange, WatchProgress } from './news.ts'
export { campaignKinds, families } from './report.ts'
export type {
  AccountVerdict,
  Campaign,
  CampaignKind,
  ExchangeLink,
  Family,
  FamilyAvailability,
  LogSummary,
  Reason,
  Rejected,
  Report,
  Verdict,
} from './report.ts'
export type { DetectorReview, Review, ReviewUse } from './review.ts'
export type { Ruling } from './ruling.ts'
export type { Standing } from './standing.ts'
export type { Vouch, VouchUse } from './vouch.ts'
export type {
  AblationEvaluation,
  CampaignEvaluation,
  ClassEvaluation,
  Evaluation,
  MethodEvaluation,
  Roc,
  Share,
  StyleEvaluation,
  SwitchedOff,
  TotalEvaluation,
  Totals,
  WorldEvaluation,
} from './evaluation.ts'
