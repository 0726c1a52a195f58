import type { CustomerClass } from '../config.ts'
import type { Builder } from '../world.ts'
import { coder } from './coders.ts'
import { course, hackathon } from './crowds.ts'
import { annotator, evaluator, testdata } from './laboratories.ts'
import { ci, failover, regression } from './machines.ts'
import { chat, enterprise, hobbyist, launch, mover, viral } from './people.ts'
import { aggregator, app, articles, batch, frontend, rag, school, tutor } from './products.ts'
import { reseller } from './resellers.ts'
import { prompter, pupil, study } from './students.ts'
import { returner, roamer, team, vpn } from './travellers.ts'

export const builders: Readonly<Record<CustomerClass, Builder>> = {
  chat,
  hobbyist,
  coder,
  course,
  evaluator,
  app,
  rag,
  batch,
  viral,
  enterprise,
  tutor,
  writer: articles,
  aggregator,
  hackathon,
  annotator,
  launch,
  mover,
  reseller,
  testdata,
  prompter,
  pupil,
  school,
  frontend,
  study,
  ci,
  regression,
  failover,
  vpn,
  roamer,
  team,
  returner,
}

/** Exchanges per account and day at activity 1, measured over 82 accounts or more of each, 14 days. */
export const usualPerDay: Readonly<Record<CustomerClass, number>> = {
  chat: 1.6,
  hobbyist: 3.3,
  coder: 5.2,
  course: 2.2,
  evaluator: 22,
  app: 25,
  rag: 16,
  batch: 32,
  viral: 1.2,
  enterprise: 1.8,
  tutor: 50,
  writer: 8.5,
  aggregator: 125,
  hackathon: 1.5,
  annotator: 24,
  launch: 2.8,
  mover: 1.4,
  reseller: 23,
  testdata: 29,
  prompter: 9,
  pupil: 4,
  school: 50,
  frontend: 190,
  study: 10,
  ci: 36,
  regression: 28,
  failover: 14,
  vpn: 1.9,
  roamer: 3.3,
  team: 3,
  returner: 3,
}
