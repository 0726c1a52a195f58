/** What a pseudonym stands for: an account, an exchange, or a campaign that only a review confirmed. */
export type PseudonymKind = 'p' | 'x' | 'R'

/** The name of a fingerprint where the id itself is not told. */
export function pseudonym(kind: PseudonymKind, hash: number): string {
  return `${kind}-${hash.toString(36)}`
}

/** The fingerprint behind a pseudonym; null for what is none of this kind. */
export function hashBehind(kind: PseudonymKind, name: string): number | null {
  const [, prefix, digits = ''] = /^([a-zA-Z])-([0-9a-z]{1,11})$/.exec(name) ?? []
  return prefix === kind ? Number.parseInt(digits, 36) : null
}
