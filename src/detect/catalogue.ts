import type { Detector } from './detector.ts'
import { accountShift } from './detectors/account-shift/detector.ts'
import { bulk } from './detectors/bulk/detector.ts'
import { cohort } from './detectors/cohort/detector.ts'
import { elicitation } from './detectors/elicitation/detector.ts'
import { likelihood } from './detectors/likelihood/detector.ts'
import { migration } from './detectors/migration/detector.ts'
import { oneCustomer } from './detectors/one-customer/detector.ts'
import { onePlace } from './detectors/one-place/detector.ts'
import { publicQuestions } from './detectors/public-questions/detector.ts'
import { rareSkeleton } from './detectors/rare-skeleton/detector.ts'
import { sharedNetwork } from './detectors/shared-network/detector.ts'
import { sharedProfile } from './detectors/shared-profile/detector.ts'
import { succession } from './detectors/succession/detector.ts'
import { synchrony } from './detectors/synchrony/detector.ts'
import { takeover } from './detectors/takeover/detector.ts'

/** Every detector, in the order in which reasons of equal weight are told. */
export const detectors: readonly Detector[] = [
  rareSkeleton,
  accountShift,
  elicitation,
  likelihood,
  migration,
  sharedNetwork,
  cohort,
  succession,
  takeover,
  synchrony,
  bulk,
  sharedProfile,
  oneCustomer,
  onePlace,
  publicQuestions,
]
