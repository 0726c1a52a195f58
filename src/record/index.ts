export type { Exchange, ExchangeRequest, Message } from './exchange.ts'
export { campaignKinds, families } from './report.ts'
export type {
  AccountVerdict,
  Campaign,
  CampaignKind,
  Family,
  FamilyAvailability,
  LogSummary,
  Reason,
  Rejected,
  Report,
  Verdict,
} from './report.ts'
