/** The week of an agent's ramp with real money; its limits loosen with the week. */
export type Week = 1 | 2 | 3 | 4

/** A session of the exchange in which an agent traded real money from the open to the close. */
export interface LiveDay {
  /** A limit was broken, or the agent was halted. */
  isBreached: boolean
}

/** A week has as many sessions. A week with a holiday is no week yet. */
export const weekDays = 5

const lastWeek = 4

/**
 * The week that an agent is in, by its live days, oldest first, and the days without a breach that count towards the next one. A breach
 * begins the present week anew. Days on which the agent was halted, paused or on paper are no live days, so they move nothing.
 */
export function rampOf(days: readonly LiveDay[]): { week: Week; clean: number } {
  let [week, clean] = [1, 0]
  for (const { isBreached } of days) {
    clean = isBreached ? 0 : clean + 1
    if (clean < weekDays || week === lastWeek) continue
    week++
    clean = 0
  }
  return { week: week as Week, clean }
}
