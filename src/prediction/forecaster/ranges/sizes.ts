/** Shares of outcomes for which a table of sizes has values: 0, .005, .01, … 1. */
export const sizeSteps = 200

/**
 * The size within which this share of outcomes stayed, in units of the forecast's own scale, from a table of `sizeSteps` + 1
 * quantiles of sizes.
 */
export function sizeOf(table: ArrayLike<number>, share: number): number {
  const place = Math.min(1, Math.max(0, share)) * sizeSteps
  const low = Math.floor(place)
  const high = Math.min(sizeSteps, low + 1)
  return table[low]! + (place - low) * (table[high]! - table[low]!)
}
