export const disguises = ['names', 'wording', 'both'] as const
/** What of a world is replaced, and the rest is kept: who is called what, how questions are put, or both. */
export type Disguise = (typeof disguises)[number]
