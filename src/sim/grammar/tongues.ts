import { ja, zh } from './asian.ts'
import { en } from './english.ts'
import { de, es, fr, pt, ru } from './european.ts'
import type { Tongue } from './tongue.ts'

export const languages = ['en', 'zh', 'ja', 'es', 'de', 'fr', 'ru', 'pt'] as const
export type Language = (typeof languages)[number]

export const tongues: Readonly<Record<Language, Tongue>> = { en, zh, ja, es, de, fr, ru, pt }
