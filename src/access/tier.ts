/** How far a provider knows a customer, from least to most. */
export const tiers = ['anonymous', 'paid', 'verified', 'contract'] as const

export type Tier = (typeof tiers)[number]

export function isTier(text: string): text is Tier {
  return (tiers as readonly string[]).includes(text)
}
