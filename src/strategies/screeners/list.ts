import { breakout } from './breakout.ts'
import { leapEntry } from './leap-entry.ts'
import { smaCross } from './sma-cross.ts'
import type { Strategy } from './strategy.ts'

/** All screeners; each is a file, and a line here. */
// Each is called with parameters that its own schema has read.
export const strategies = [breakout, leapEntry, smaCross] as unknown as readonly Strategy[]

/** The screener of a name or alias, in any letter case; undefined when there is none. */
export function strategyNamed(name: string): Strategy | undefined {
  const asked = name.toLowerCase().replaceAll(/[\s-]+/g, '_')
  return strategies.find((each) => each.name === asked || each.aliases.includes(asked))
}
