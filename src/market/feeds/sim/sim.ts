import { setImmediate as turn } from 'node:timers/promises'
import Big from 'big.js'
import type { Clock } from '../../../base/clock.ts'
import { checkBars } from '../../bars.ts'
import type { MarketLog } from '../../log.ts'
import type { Bar, Instrument, Market, Quote } from '../../market.ts'
import { createSubscribers } from '../../subscribers.ts'
import { type SimInstrument, simInstruments } from './sim-instruments.ts'
import { createPath, type Minute, type Path } from './sim-path.ts'

/** Real milliseconds between two ticks. */
const tickEvery = 500

/** The number of minutes to compute, in about five milliseconds, before other work gets its turn. */
const minutesAtOnce = 5_000

/** Finished bars of an hour or longer never change and take long to compute; this many of them are cached for each symbol. */
const longMinutes = 60
const mostLongBars = 500

interface Traded {
  traits: SimInstrument
  instrument: Instrument
  path: Path
  ticksPerDollar: number
  /** By length and number. */
  longBars: Map<string, Bar>
}

/**
 * The simulated market: open around the clock, and the same for the same seed, scale and anchor on every machine. From the
 * anchor on (without one: the epoch) its time passes faster than the clock's by the clock's scale. Its results are in the
 * clock's time.
 */
export function createSimMarket(options: { seed: string; clock: Clock; anchor?: Date; log?: MarketLog }): Market {
  const { seed, clock, log } = options
  const time = simTime(clock, options.anchor?.getTime() ?? 0)
  const traded = new Map(simInstruments.map((traits) => [traits.symbol, prepare(seed, traits)]))
  let timer: NodeJS.Timeout | undefined
  const subscribers = createSubscribers(
    log,
    () => {
      timer = setInterval(() => {
        for (const symbol of traded.values()) subscribers.tell(quoteOf(symbol, time))
      }, tickEvery).unref()
    },
    () => clearInterval(timer),
  )

  return {
    name: 'sim',
    instruments: () => [...traded.values()].map(({ instrument }) => instrument),
    instrument: (symbol) => traded.get(symbol.toUpperCase())?.instrument,
    quote: async (symbol) => {
      const found = traded.get(symbol.toUpperCase())
      return found && quoteOf(found, time)
    },
    bars: async (symbol, minutes, count) => {
      checkBars(minutes, count)
      const found = traded.get(symbol.toUpperCase())
      return found ? barsOf(found, minutes, count, time) : []
    },
    subscribe: (onQuote) => subscribers.add(onQuote),
    close: async () => subscribers.clear(),
  }
}

/** Conversion between the clock's time and the simulation's, in milliseconds since the epoch. */
interface SimTime {
  now(): Date
  simulated(at: number): number
  real(simulated: number): number
}

function simTime(clock: Clock, anchor: number): SimTime {
  return {
    now: () => clock.now(),
    simulated: (at) => anchor + (at - anchor) * clock.scale,
    real: (simulated) => anchor + (simulated - anchor) / clock.scale,
  }
}

function prepare(seed: string, traits: SimInstrument): Traded {
  return {
    traits,
    instrument: {
      symbol: traits.symbol,
      name: traits.name,
      lot: new Big(10).pow(-traits.lotDecimals),
      tick: new Big(10).pow(-traits.priceDecimals),
      isAroundTheClock: true,
    },
    path: createPath(seed, traits),
    ticksPerDollar: 10 ** traits.priceDecimals,
    longBars: new Map(),
  }
}

function quoteOf({ traits, path, ticksPerDollar }: Traded, time: SimTime): Quote {
  const at = time.now()
  const { logPrice, heat } = path.at(time.simulated(at.getTime()))
  const price = Math.exp(logPrice) * ticksPerDollar
  // A hot market has a wide spread. The price lies between bid and ask; the last trade is at the nearest tick.
  const width = Math.max(1, Math.round(((price * traits.spread) / 10_000) * Math.sqrt(heat)))
  const bid = Math.max(1, Math.floor(price - (width - 1) / 2))
  const dollars = (ticks: number) => new Big((ticks / ticksPerDollar).toFixed(traits.priceDecimals))
  return {
    symbol: traits.symbol,
    bid: dollars(bid),
    ask: dollars(bid + width),
    last: dollars(Math.max(1, Math.round(price))),
    at,
    source: 'sim',
  }
}

async function barsOf(
  { traits, instrument, path, ticksPerDollar, longBars }: Traded,
  minutes: number,
  count: number,
  time: SimTime,
): Promise<Bar[]> {
  const dollars = (logPrice: number) => {
    const ticks = Math.max(1, Math.round(Math.exp(logPrice) * ticksPerDollar))
    return new Big((ticks / ticksPerDollar).toFixed(traits.priceDecimals))
  }
  const length = minutes * 60_000
  const unfinished = Math.floor(time.simulated(time.now().getTime()) / length)
  const bars: Bar[] = []
  let computed = 0

  for (let index = unfinished - count; index < unfinished; index++) {
    const key = `${minutes} ${index}`
    const known = longBars.get(key)
    if (known) {
      bars.push(known)
      continue
    }
    const first = index * minutes
    let whole: Minute | undefined
    for (let minute = first; minute < first + minutes; minute += minutesAtOnce) {
      const count = Math.min(minutesAtOnce, first + minutes - minute)
      whole = together(whole, path.span(minute, count))
      computed += count
      if (computed < minutesAtOnce) continue
      computed = 0
      await turn()
    }
    const { open, high, low, close, lots } = whole!
    const bar: Bar = {
      at: new Date(time.real(index * length)),
      tradedAt: new Date(index * length),
      open: dollars(open),
      high: dollars(high),
      low: dollars(low),
      close: dollars(close),
      volume: instrument.lot.times(lots),
    }
    bars.push(bar)
    if (minutes < longMinutes) continue
    if (longBars.size >= mostLongBars) longBars.clear()
    longBars.set(key, bar)
  }
  return bars
}

/** Two stretches of time that follow each other, as one. */
function together(before: Minute | undefined, { open, high, low, close, lots }: Minute): Minute {
  if (!before) return { open, high, low, close, lots }
  return {
    ...{ open: before.open, high: Math.max(before.high, high), low: Math.min(before.low, low) },
    ...{ close, lots: before.lots + lots },
  }
}
