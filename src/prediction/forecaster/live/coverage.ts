/** An outcome of a horizon: the day of its forecast, the day on which it was known, and whether the 90% range held it. */
export interface Outcome {
  horizon: number
  day: string
  dueDay: string
  isHeld: boolean
}

/** Below this chance that so many misses are luck, the coverage counts as lost. */
const lost = 0.01
/**
 * The horizon whose 90% range misses more than luck explains, if one does, by a binomial test over windows that do not overlap: of
 * forecasts on one day, and of windows that share days, only one counts, since their outcomes are not independent. The level is
 * divided by the number of horizons.
 */
export function lostHorizon(
  outcomes: readonly Outcome[],
  watched: readonly number[],
): { horizon: number; held: number; of: number } | undefined {
  for (const horizon of watched) {
    const apart = apartFrom(outcomes.filter((one) => one.horizon === horizon))
    const held = apart.filter(({ isHeld }) => isHeld).length
    if (atMost(held, apart.length, 0.9) < lost / watched.length) return { horizon, held, of: apart.length }
  }
  return undefined
}

/** Outcomes, oldest first, whose windows do not overlap. */
function apartFrom(outcomes: readonly Outcome[]): Outcome[] {
  const kept: Outcome[] = []
  for (const outcome of outcomes.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))) {
    if (outcome.day >= (kept.at(-1)?.dueDay ?? '')) kept.push(outcome)
  }
  return kept
}

/** The chance of at most `held` successes among `of`, each with this chance. */
export function atMost(held: number, of: number, chance: number): number {
  if (of === 0) return 1
  let sum = 0
  let term = of * Math.log(1 - chance)
  for (let count = 0; count <= held; count++) {
    sum += Math.exp(term)
    term += Math.log((of - count) / (count + 1)) + Math.log(chance / (1 - chance))
  }
  return Math.min(1, sum)
}
