/** A share as a percentage with one decimal: `3.2%`. */
export const percent = (share: number) => `${(share * 100).toFixed(1)}%`

/** The least distance that a percentage with one decimal shows. */
const shown = 0.0005

/** A ratio as a distance: `3.2% above` for 1.032, `1.0% below` for .99, `level with` for 1, and never `0.0% below`. */
export function distance(ratio: number): string {
  if (ratio === 1) return 'level with'
  const share = Math.abs(ratio - 1)
  return `${share < shown ? 'under 0.1%' : percent(share)} ${ratio < 1 ? 'below' : 'above'}`
}

/** A multiple: `1.80 ×`. */
export const times = (multiple: number) => `${multiple.toFixed(2)} ×`

/** A multiple beside the least that passes, with as many decimals as set the two apart: `0.998 ×` beside 1. */
export function timesBeside(multiple: number, least: number): string {
  const digits = [2, 3, 4, 5].find((count) => multiple.toFixed(count) !== least.toFixed(count))
  return multiple === least ? times(multiple) : `${multiple.toFixed(digits ?? 6)} ×`
}
