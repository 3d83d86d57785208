import { type BarSource, NoBars } from '../../../src/strategies/engine/bar-source.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { sessionsUpTo } from '../screeners/bars.ts'

/** Made-up daily bars that a test holds up, breaks, and counts. */
export interface MadeBars extends BarSource {
  /** Called before each symbol is read; a test waits or throws in it. */
  before: (symbol: string) => Promise<void> | void
  /** The symbols that were read, in order. */
  read: string[]
}

/** The last day of the bars. */
const lastMadeDay = '2026-11-27'

/** Bars of so many symbols, `S000` and so on, each with 300 days of its own course; with SPY. */
export function madeBars(count: number, sessions = 300): MadeBars {
  const days = sessionsUpTo(lastMadeDay, sessions)
  const names = [...Array.from({ length: count }, (_, index) => `S${String(index).padStart(3, '0')}`), 'SPY']
  const made: MadeBars = {
    name: 'made',
    before: () => {},
    read: [],
    symbols: () => names,
    async lastDay() {
      if (names.length === 0) throw new NoBars('There are no bars.')
      return lastMadeDay
    },
    async daily(symbol, wanted, asOf) {
      await made.before(symbol)
      made.read.push(symbol)
      const index = names.indexOf(symbol)
      if (index < 0) return undefined
      return course(index, days.filter((day) => day <= asOf).slice(-wanted), days)
    },
  }
  return made
}

/** A course that rises, falls or swings, by the number of the symbol: the same for each read. */
function course(index: number, days: string[], all: string[]): Columns {
  const close = days.map((day) => {
    const at = all.indexOf(day)
    const trend = 0.002 * ((index % 7) - 2)
    return 50 * Math.exp(trend * at * 0.5 + 0.03 * Math.sin(at / (3 + (index % 11))))
  })
  return {
    days,
    open: Float64Array.from(close, (value) => value * 0.995),
    high: Float64Array.from(close, (value) => value * 1.01),
    low: Float64Array.from(close, (value) => value * 0.985),
    close: Float64Array.from(close),
    volume: Float64Array.from(close, (_, at) => 1_000_000 + ((at * 7919 + index * 104_729) % 900_000)),
  }
}

/** A gate at which a test lets others wait. */
export function gate(): { opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}
