/** A share as a percentage with one decimal: `3.2%`. */
export const percent = (share: number) => `${(share * 100).toFixed(1)}%`

/** A ratio as a distance: `3.2% above` for 1.032, `1.0% below` for .99. */
export function distance(ratio: number): string {
  return ratio < 1 ? `${percent(1 - ratio)} below` : `${percent(ratio - 1)} above`
}

/** A multiple: `1.80 ×`. */
export const times = (multiple: number) => `${multiple.toFixed(2)} ×`
