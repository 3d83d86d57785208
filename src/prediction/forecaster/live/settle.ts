import { NoBars } from '../../../strategies/engine/bar-source.ts'
import { daysBetween } from '../../../strategies/engine/bars/days.ts'
import type { SignalParts } from '../../parts.ts'
import { watchedPolicy } from '../../policy/live/watched.ts'
import { watchedForecaster } from '../predict.ts'
import { endIfUnfit } from './fitness.ts'
import { stateOf } from './state.ts'

/** Symbols that are settled in one go. */
const mostSymbols = 50
/** Bars that reach back behind the longest horizon. */
const barsBack = 140
/** Calendar days after which a range whose bars never came is given up. */
const givenUpAfter = 300

/**
 * Sets down what came of ranges whose horizon is over, and then looks whether the models are still fit. Both prices of an outcome come from one
 * reading of the bars, so that a split between them changes nothing. Any number of workers may run it. Returns the number of
 * outcomes.
 */
export async function settleForecasts(parts: SignalParts): Promise<number> {
  const { db, clock, log, runs } = parts
  const { bars: source } = runs
  const open = db
    .selectFrom('forecast_ranges as r')
    .innerJoin('forecasts as f', 'f.id', 'r.forecast_id')
    .where('f.market', '=', source.name)
    .where('r.settled_at', 'is', null)
  if (!(await open.select('r.horizon').limit(1).executeTakeFirst())) return 0
  const today = clock.now().toISOString().slice(0, 10)
  const symbols = await open.select('f.symbol').distinct().orderBy('f.symbol').execute()
  let settled = 0
  /** The last day by models with an outcome: others gave no answer, and nobody has to hear of them. */
  const newest = new Map<string, string>()
  for (const { symbol } of nextOf(symbols)) {
    try {
      const bars = await source.daily(symbol, barsBack, today)
      const last = bars?.days.at(-1)
      const places = new Map(bars?.days.map((own, at) => [own, at]))
      const ranges = await open
        .select(['r.forecast_id', 'r.horizon', 'f.day', 'f.model'])
        .where('f.symbol', '=', symbol)
        .execute()
      for (const range of ranges) {
        const at = places.get(range.day)
        const end = at === undefined ? undefined : at + range.horizon
        const isKnown = bars !== undefined && end !== undefined && end < bars.days.length
        if (!isKnown && (last === undefined || daysBetween(range.day, last) < givenUpAfter)) continue
        const outcome = isKnown ? bars.close[end]! / bars.close[at!]! - 1 : null
        const { numUpdatedRows } = await db
          .updateTable('forecast_ranges')
          .set({ outcome, due_day: isKnown ? bars.days[end]! : null, settled_at: clock.now() })
          .where('forecast_id', '=', range.forecast_id)
          .where('horizon', '=', range.horizon)
          .where('settled_at', 'is', null)
          .executeTakeFirst()
        settled += Number(numUpdatedRows)
        if (isKnown && numUpdatedRows > 0n && last! > (newest.get(range.model) ?? '')) newest.set(range.model, last!)
      }
    } catch (cause) {
      // A market without any daily bars has nothing to settle.
      if (cause instanceof NoBars) return settled
      log.warn({ err: cause, symbol }, 'forecasts of a symbol could not be settled; the next round tries again')
    }
  }
  if (newest.size === 0) return settled
  const [forecaster, policy] = [await parts.forecaster.open(), parts.policy.open()]
  const watched = [
    ...(typeof forecaster === 'object' ? [watchedForecaster(forecaster.card)] : []),
    ...(typeof policy === 'object' ? [watchedPolicy(policy.card)] : []),
  ]
  for (const model of watched) {
    const day = newest.get(model.hash)
    if (day !== undefined && !(await stateOf(db, model.hash, model.name))) await endIfUnfit(parts, model, day)
  }
  return settled
}

let turn = 0

/** Some of the symbols, others each time, so that one which never settles keeps none from its turn. */
function nextOf<Item>(all: readonly Item[]): Item[] {
  if (all.length <= mostSymbols) return [...all]
  const from = (turn++ * mostSymbols) % all.length
  return [...all, ...all].slice(from, from + mostSymbols)
}
