import type { Parts } from '../../trading/parts.ts'
import { type BarStudy, studyBars } from './bar-triggers.ts'

/** The lengths of bars to try, in minutes. The first length with enough bars is used. */
const lengths = [15, 1440]
const wanted = 120
/** A study needs at least this many bars. */
const enough = 5
/** When a market has no bars or only old ones, it is asked again after this time, in milliseconds of market time. */
const againMs = 60_000

/** The studies of symbols, made once and shared by all positions. */
export interface Studies {
  of(symbol: string): Promise<BarStudy | undefined>
}

/** Creates the studies. A symbol's bars are fetched again only when the next bar can be finished. */
export function createStudies(parts: Pick<Parts, 'market' | 'clock' | 'log'>): Studies {
  const kept = new Map<string, { study: Promise<BarStudy | undefined>; until: number }>()

  async function fetch(symbol: string, now: number): Promise<BarStudy | undefined> {
    for (const minutes of lengths) {
      const bars = await parts.market.bars(symbol, minutes, wanted)
      if (bars.length < enough) continue
      const length = (minutes * 60_000) / parts.clock.scale
      const study = studyBars(
        bars.map(({ at, high, low, close }) => ({
          at: at.getTime(),
          high: high.toNumber(),
          low: low.toNumber(),
          close: close.toNumber(),
        })),
        length,
      )
      kept.get(symbol)!.until = Math.max(bars.at(-1)!.at.getTime() + 2 * length, now + againMs / parts.clock.scale)
      return study
    }
    return undefined
  }

  return {
    of(symbol) {
      const now = parts.clock.now().getTime()
      const known = kept.get(symbol)
      if (known && now < known.until) return known.study
      const study = Promise.resolve()
        .then(() => fetch(symbol, now))
        .catch((cause) => {
          parts.log.warn({ err: cause, symbol }, 'bars could not be read')
          return undefined
        })
      kept.set(symbol, { study, until: now + againMs / parts.clock.scale })
      return study
    },
  }
}
