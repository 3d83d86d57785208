import { Refusal } from '../../base/refusal.ts'
import { type UniverseParts, universeOf } from '../universes/universe.ts'
import type { Runnable } from './kind.ts'
import { parameterNamed, readParameters, together } from './parameters.ts'

/**
 * The refusal of parameters, with what is wrong about the universe beside it, so that a form marks all of it at once. The universe is
 * that of the parameters that are right.
 */
export async function allWrong(
  parts: UniverseParts,
  strategy: Pick<Runnable, 'name' | 'parameters'>,
  request: { accountId?: number; parameters: Record<string, unknown>; lenient?: boolean },
  refusal: Refusal,
): Promise<Refusal> {
  const all = [refusal, ...refusal.also]
  const wrong = new Set(all.map(({ field }) => field))
  const given = Object.entries(request.parameters).filter(
    ([name]) => !wrong.has(parameterNamed(name)) && !wrong.has(name),
  )
  const parameters = readParameters({ ...strategy, refuses: undefined }, Object.fromEntries(given))
  if (parameters instanceof Refusal) return refusal
  const universe = await universeOf(parts, { accountId: request.accountId, parameters }, request)
  const isMore = universe instanceof Refusal && universe.field !== undefined && !wrong.has(universe.field)
  return isMore ? together([...all, universe]) : refusal
}
