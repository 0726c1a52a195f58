/** `37 %`, `0.4 %`, `0 %`; a small part is never rounded to nothing. */
export function percentOf(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %'
  const share = (part / whole) * 100
  if (share >= 9.5) return `${Math.round(share)} %`
  return share < 0.1 ? 'under 0.1 %' : `${share.toPrecision(1)} %`
}
