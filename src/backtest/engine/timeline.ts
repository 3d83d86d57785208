import { numberOfDay } from '../../strategies/engine/bars/days.ts'
import type { Columns } from '../../strategies/screeners/strategy.ts'

/** All days on which a symbol of the run has a bar. */
export interface Timeline {
  days: string[]
  /** Days since 1970. */
  numbers: Int32Array
  /** For each symbol the place of its bar at each day; −1 without one. */
  barAt: Int32Array[]
}

/** The days of several symbols in their order, from a day on. */
export function timelineOf(all: readonly Pick<Columns, 'days'>[], from = ''): Timeline {
  const lists = all.map((bars) => bars.days).filter((days, at, lists) => !isSame(days, lists[at - 1]))
  const days = [...new Set(lists.flat())].filter((day) => day >= from).sort()
  const placeOf = new Map(days.map((day, at) => [day, at]))
  let before: { days: string[]; places: Int32Array } | undefined
  const barAt = all.map((bars) => {
    if (before && isSame(bars.days, before.days)) return before.places
    const places = new Int32Array(days.length).fill(-1)
    for (const [at, day] of bars.days.entries()) {
      const place = placeOf.get(day)
      if (place !== undefined) places[place] = at
    }
    before = { days: bars.days, places }
    return places
  })
  return { days, numbers: Int32Array.from(days, numberOfDay), barAt }
}

/** Are the days of two symbols the same? Most are those of the symbol before. */
function isSame(days: readonly string[], others: readonly string[] | undefined): boolean {
  return days === others || (days.length === others?.length && days.every((day, at) => day === others[at]))
}
