/** The ranges that a forecast tells: shares of outcomes that they shall hold. */
export const shares = [0.68, 0.9] as const

/** The speed at which the share of misses that is allowed for follows those that happened, a day of labels. */
const speed = 0.01

/**
 * The share of misses to allow for next, after a day on which labels came due (adaptive conformal inference, Gibbs and Candès
 * 2021): less when there were too many, so that ranges widen, and more when there were too few. `missed` is the share of that
 * day's outcomes outside of their ranges. Only outcomes that are known may be given.
 */
export function nextAllowed(allowed: number, wanted: number, missed: number): number {
  return Math.min(0.8, Math.max(0.005, allowed + speed * (wanted - missed)))
}
