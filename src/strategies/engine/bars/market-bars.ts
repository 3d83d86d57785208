import { setImmediate as turn } from 'node:timers/promises'
import { slices } from '../../../base/slices.ts'
import { dayIn } from '../../../base/zone.ts'
import { calendarFor, tradedAt } from '../../../market/indicators/sessions.ts'
import type { Bar, BarsRoom, Instrument, Market } from '../../../market/market.ts'
import type { Columns } from '../../screeners/strategy.ts'
import { type BarSource, NoBars } from '../bar-source.ts'
import { leapChain } from '../leap-chain.ts'
import { dayMs, dayOfHalf, dayOfNumber, daysBetween } from './days.ts'
import { shareColumns } from './packed.ts'
import { barsUpTo, lastBars } from './slice.ts'

const dayMinutes = 1440

/** About 50 MB: 4,000 symbols with the 260 bars of a screener. */
const mostBars = 1_000_000

/** A provider lists thousands of shares, and has its bars by the request: some of them tell which day is finished. */
const mostAskedForDay = 1000
const sampleSize = 40

/** The last day is looked up again after so many milliseconds, for chains of options. */
const newestDayMs = 600_000

/** The bars of a symbol as they were read. */
interface Known {
  columns: Columns
  /** All finished bars up to this day are there, … */
  through: string
  /** … back to the first one. */
  isWhole: boolean
}

/**
 * The finished daily bars of a market. They are kept in memory, since past days do not change; the symbols that were not asked
 * for longest are forgotten. Other work gets its turn before each symbol that is read.
 */
export function marketBars(market: Market, { most = mostBars }: { most?: number } = {}): BarSource {
  const cache = new Map<string, Known>()
  let kept = 0
  let finished: string | undefined
  /** The look-up of `finished` for a day. */
  let lookedUp: { for: string; done: Promise<unknown> } | undefined

  async function lastDay(): Promise<string> {
    const days: string[] = []
    for (const some of slices(await affordable(market, sample(market.instruments())), market.barsAtOnce ?? 1)) {
      const found = await Promise.all(some.map(({ symbol }) => market.bars(symbol, dayMinutes, 1)))
      for (const [index, [bar]] of found.entries()) if (bar) days.push(dayOf(bar, some[index]!))
      await turn()
    }
    finished = dayOfHalf(days)
    if (finished === undefined) throw new NoBars(`The market ${market.name} has no daily bars, which screeners need.`)
    return finished
  }

  /** Reads at least the last `count` bars up to a day. */
  async function read(instrument: Instrument, count: number, asOf: string): Promise<Known> {
    await turn()
    if (!(finished !== undefined && finished >= asOf)) {
      if (lookedUp?.for !== asOf) {
        const mine = { for: asOf, done: lastDay() as Promise<unknown> }
        lookedUp = mine
        // It is looked up once: symbols after a failure are read without it.
        mine.done.catch(() => {
          mine.done = Promise.resolve()
        })
      }
      await lookedUp.done
    }
    const through = finished ?? ''
    // A market only counts back from its last bar, which may have come after `through`.
    const ahead = through > asOf ? daysBetween(asOf, through) + 1 : 1
    const bars = await market.bars(instrument.symbol, dayMinutes, count + ahead)
    const known = { columns: columnsOf(bars, instrument), through, isWhole: bars.length < count + ahead }
    if (barsUpTo(known.columns.days, asOf) >= count || known.isWhole) return known
    // More days have passed since than were reckoned with.
    const late = daysBetween(asOf, known.columns.days.at(-1) ?? asOf)
    const more = await market.bars(instrument.symbol, dayMinutes, count + ahead + late)
    return { columns: columnsOf(more, instrument), through, isWhole: more.length < count + ahead + late }
  }

  function keep(symbol: string, known: Known): void {
    forget(symbol)
    cache.set(symbol, known)
    kept += known.columns.days.length
    for (const oldest of cache.keys()) {
      if (kept <= most) return
      forget(oldest)
    }
  }

  function forget(symbol: string): void {
    kept -= cache.get(symbol)?.columns.days.length ?? 0
    cache.delete(symbol)
  }

  const { options } = market
  let newest: { day: Promise<string>; until: number } | undefined

  function newestDay(): Promise<string> {
    if (newest && performance.now() < newest.until) return newest.day
    newest = { day: lastDay(), until: performance.now() + newestDayMs }
    return newest.day
  }

  return {
    ...(options && {
      async chain(symbol: string, asOf: string) {
        // A chain is of now, so it says nothing about a day of the past.
        if (asOf !== (await newestDay())) return undefined
        const quote = await market.quote(symbol)
        return quote && leapChain(options, quote.symbol, quote.last, asOf)
      },
    }),
    name: market.name,
    atOnce: market.barsAtOnce,
    ...(market.barsRoom && { room: (symbols) => roomIn(market, symbols) }),
    symbols: () => market.instruments().map(({ symbol }) => symbol),
    lastDay,
    daily: async (symbol, count, asOf) => {
      const instrument = market.instrument(symbol)
      if (!instrument) return undefined
      const known = cache.get(instrument.symbol)
      const has = known && asOf <= known.through && (known.isWhole || barsUpTo(known.columns.days, asOf) >= count)
      const found = has ? known : await read(instrument, count, asOf)
      keep(instrument.symbol, found)
      return lastBars(found.columns, count, asOf)
    },
  }
}

/** Instruments spread evenly over a list that is too long to ask for the last day of each. */
function sample(all: Instrument[]): Instrument[] {
  if (all.length <= mostAskedForDay) return all
  const step = all.length / sampleSize
  return Array.from({ length: sampleSize }, (_, index) => all[Math.floor(index * step)]!)
}

/** The room for bars of symbols, without what the look for the last day takes. */
async function roomIn(market: Market, symbols: string[]): Promise<BarsRoom> {
  const room = await market.barsRoom!(symbols)
  const telling = (await affordable(market, sample(market.instruments()))).map(({ symbol }) => symbol)
  const others = (await market.barsRoom!(telling)).missing.filter((symbol) => !symbols.includes(symbol))
  return { ...room, fits: Math.max(0, room.fits - others.length) }
}

/** A share that every provider has. */
const surelyTraded = 'SPY'

/** Those that tell the last day without a request, where requests are few; else one. */
async function affordable(market: Market, all: Instrument[]): Promise<Instrument[]> {
  if (!market.barsRoom) return all
  const { missing } = await market.barsRoom(all.map(({ symbol }) => symbol))
  const isMissing = new Set(missing)
  const kept = all.filter(({ symbol }) => !isMissing.has(symbol))
  if (kept.length > 0) return kept
  const sure = all.find(({ symbol }) => symbol === surelyTraded)
  return sure ? [sure] : all.slice(0, 1)
}

/** The exchange's day of a daily bar. Recorded and simulated days begin at midnight of UTC, whatever the exchange. */
function dayOf(bar: Bar, instrument: Instrument): string {
  const at = tradedAt(bar)
  return at.getTime() % dayMs === 0 ? dayOfNumber(at.getTime() / dayMs) : dayIn(at, calendarFor(instrument).timeZone)
}

function columnsOf(bars: Bar[], instrument: Instrument): Columns {
  const column = (of: 'open' | 'high' | 'low' | 'close' | 'volume') =>
    Float64Array.from(bars, (bar) => bar[of].toNumber())
  return shareColumns({
    days: bars.map((bar) => dayOf(bar, instrument)),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  })
}
