import { Big } from '../../base/amounts.ts'
import type { EntryChecked } from '../rules/agent.ts'
import type { Look } from '../rules/checks/check.ts'
import type { Check } from '../rules/checks.ts'

/** A check as JSON: amounts are strings, because JSON numbers are floats. */
type Written<One extends Look> = Omit<One, 'figure' | 'limit'> & { figure?: string; limit?: string }

/** The JSON of a check. */
export const checkJson = (check: Look): string => JSON.stringify(check)

/** A check from its JSON. */
export function checkIn<One extends Look>(json: unknown): One {
  const { figure, limit, ...look } = json as Written<One>
  return {
    ...look,
    ...(figure !== undefined && { figure: new Big(figure) }),
    ...(limit !== undefined && { limit: new Big(limit) }),
  } as unknown as One
}

/** The JSON of an entry with its checks. */
export const entryJson = (entry: EntryChecked): string => JSON.stringify(entry)

/** An entry with its checks from its JSON. */
export function entryIn(json: unknown): EntryChecked {
  const { wanted, ordered, checks } = json as { wanted: string; ordered: string; checks: unknown[] }
  return { wanted: new Big(wanted), ordered: new Big(ordered), checks: checks.map((one) => checkIn<Check>(one)) }
}
