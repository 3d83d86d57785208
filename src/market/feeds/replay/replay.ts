import path from 'node:path'
import Big from 'big.js'
import type { Clock } from '../../../base/clock.ts'
import { exchangeZone, wallClock } from '../../../base/zone.ts'
import { checkBars } from '../../bars.ts'
import type { Calendar, Session } from '../../calendar.ts'
import { calendarFor, mergedBar } from '../../indicators/sessions.ts'
import type { MarketLog } from '../../log.ts'
import type { Bar, Instrument, Market, Quote } from '../../market.ts'
import { createSubscribers } from '../../subscribers.ts'
import { mostDecimals } from '../../symbol.ts'
import { type Recorded, readRecording } from './replay-folder.ts'
import { startOn, usualStart } from './replay-start.ts'

/** A market that ends. */
export interface ReplayMarket extends Market {
  /** The end of the last recorded bar, in the clock's time. */
  replayEndsAt: Date
}

/** Bounds of the wait for the next step of a bar, in real milliseconds: the clock may jump, and steps may be tiny. */
const soonest = 50
const latest = 1_000

const dayMinutes = 1440

/** Plays a folder of recorded bars as if they happened now. Throws `MarketError` when the folder cannot be used. */
export async function createReplayMarket(options: {
  folder: string
  /** The first day to play, such as `2016-01-04`; bars before it are history. Without it: `usualStart`. */
  from?: string
  clock: Clock
  anchor?: Date
  log?: MarketLog
}): Promise<ReplayMarket> {
  const { folder, clock, log } = options
  const recording = await readRecording(folder, log)
  const anchor = (options.anchor ?? clock.now()).getTime()
  /** The length of a slot of the timeline in real milliseconds. */
  const slotMs = (recording.minutes * 60_000) / clock.scale
  const first = options.from ? startOn(recording, options.from, folder) : usualStart(recording)
  const startOf = (slot: number) => new Date(anchor + (slot - first) * slotMs)
  const name = `replay:${path.basename(path.resolve(folder))}`
  const instruments = new Map([...recording.bySymbol.values()].map((each) => [each.symbol, instrumentOf(each)]))

  /** The current slot, from the first one to `recording.length` (the end), and its quarter. */
  function position(now: Date): { slot: number; quarter: number } {
    const slots = first + Math.max(0, now.getTime() - anchor) / slotMs
    const slot = Math.min(recording.length, Math.floor(slots))
    return { slot, quarter: slot === recording.length ? 0 : Math.floor((slots - slot) * 4) }
  }

  function quoteOf(recorded: Recorded, now: Date): Quote | undefined {
    const { slot, quarter } = position(now)
    const row = lastRowBefore(recorded.slots, slot + 1)
    if (row < 0) return undefined
    // In a gap the last price stays and ages: the price of a trade then is unknown.
    const playing = isPlaying(recorded, slot)
    const walked = playing ? walk(recorded, row).slice(0, quarter + 1) : [recorded.close[row]!]
    const pathPoint = (price: number, index: number) => ({
      at: startOf(slot + index / 4),
      price: exact(price, recorded.decimals),
    })
    const quote = {
      symbol: recorded.symbol,
      ...around(walked.at(-1)!, instruments.get(recorded.symbol)!, recorded.decimals),
      at: playing ? now : startOf(recorded.slots[row]! + 1),
      source: name,
      isAssumed: true,
      ...(playing && { path: walked.map(pathPoint) }),
    }
    return slot === recording.length ? { ...quote, stale: 'the replay has ended' } : quote
  }

  /** The sessions of each symbol with bars of minutes, computed at the first request for daily bars. */
  const sessions = new Map<string, Rows[]>()
  function daysOf(recorded: Recorded, days: number, count: number): Bar[] {
    const { symbol } = recorded
    if (!sessions.has(symbol)) sessions.set(symbol, sessionRows(recorded, calendarFor(instruments.get(symbol)!)))
    const { slot } = position(clock.now())
    const played = sessions.get(symbol)!.filter(({ to }) => recorded.slots[to]! < slot)
    const whole = Math.floor(played.length / days)
    return Array.from({ length: Math.min(count, whole) }, (_, index) => {
      const first = (whole - Math.min(count, whole) + index) * days
      const own = played.slice(first, first + days)
      return mergedBar(
        own.map(({ from, to }) => barOf(recorded, from, to, startOf(recorded.slots[from]!))) as [Bar, ...Bar[]],
      )
    })
  }

  function barsOf(recorded: Recorded, minutes: number, count: number): Bar[] {
    if (recording.minutes < dayMinutes && minutes % dayMinutes === 0)
      return daysOf(recorded, minutes / dayMinutes, count)
    const slotsInBar = minutes / recording.minutes
    if (!Number.isInteger(slotsInBar)) return []
    const finished = Math.floor(position(clock.now()).slot / slotsInBar)
    const bars: Bar[] = []
    let row = lastRowBefore(recorded.slots, finished * slotsInBar)
    while (row >= 0 && bars.length < count) {
      const index = Math.floor(recorded.slots[row]! / slotsInBar)
      const end = row
      while (row >= 0 && recorded.slots[row]! >= index * slotsInBar) row--
      bars.push(barOf(recorded, row + 1, end, startOf(index * slotsInBar)))
    }
    return bars.reverse()
  }

  let timer: NodeJS.Timeout | undefined
  let told = { slot: -1, quarter: -1 }
  const subscribers = createSubscribers(
    log,
    () => {
      told = { slot: -1, quarter: -1 }
      step()
    },
    () => clearTimeout(timer),
  )

  function step(): void {
    const now = clock.now()
    const here = position(now)
    if (here.slot !== told.slot || here.quarter !== told.quarter) {
      told = here
      for (const recorded of recording.bySymbol.values()) {
        const quote = quoteOf(recorded, now)
        if (quote && (quote.stale || isPlaying(recorded, here.slot))) subscribers.tell(quote)
      }
    }
    if (here.slot === recording.length) return
    const next = startOf(here.slot + (here.quarter + 1) / 4).getTime() - now.getTime()
    timer = setTimeout(step, Math.min(latest, Math.max(soonest, next))).unref()
  }

  return {
    name,
    replayEndsAt: startOf(recording.length),
    instruments: () => [...instruments.values()],
    instrument: (symbol) => instruments.get(symbol.toUpperCase()),
    quote: async (symbol) => {
      const recorded = recording.bySymbol.get(symbol.toUpperCase())
      return recorded && quoteOf(recorded, clock.now())
    },
    bars: async (symbol, minutes, count) => {
      checkBars(minutes, count)
      const recorded = recording.bySymbol.get(symbol.toUpperCase())
      return recorded ? barsOf(recorded, minutes, count) : []
    },
    subscribe: (onQuote) => subscribers.add(onQuote),
    replays: () => {
      const last = recording.length - 1
      const slot = Math.min(last, position(clock.now()).slot)
      const timeOf = (one: number) => new Date(recording.timeline[one]!)
      return [
        {
          ...{ name, at: timeOf(slot), from: timeOf(first), to: timeOf(last), minutes: recording.minutes },
          ...{ bar: slot - first + 1, bars: recording.length - first, endsAt: startOf(recording.length) },
        },
      ]
    },
    close: async () => subscribers.clear(),
  }
}

function instrumentOf(recorded: Recorded): Instrument {
  const { symbol, decimals } = recorded
  const tick = new Big(10).pow(-Math.max(2, decimals))
  return { symbol, name: symbol, lot: new Big(1), tick, isAroundTheClock: tradesAtNight(recorded), isReplayed: true }
}

/** Minutes since midnight in New York between which its exchanges trade, early and late hours included. */
const [firstTrade, lastTrade] = [4 * 60, 20 * 60]

/**
 * Is there a bar in an hour in which New York's exchanges do not trade? Then the symbol trades elsewhere. Daily bars do not
 * tell.
 */
function tradesAtNight({ times, minutes = 1440 }: Recorded): boolean {
  if (minutes >= 1440) return false
  const quarters = new Set(times.map((time) => Math.floor(time / 900_000) * 900_000))
  return [...quarters].some((time) => {
    const { hour, minute } = wallClock(new Date(time), exchangeZone)
    const since = hour * 60 + minute
    return since < firstTrade || since >= lastTrade
  })
}

/** The first and the last row of something. */
interface Rows {
  from: number
  to: number
}

/**
 * The rows of each session of a recording of minutes, without early and late trading. The first session is left out when the
 * recording may begin within it: its high and low are unknown.
 */
function sessionRows({ times }: Recorded, calendar: Calendar): Rows[] {
  const found: Rows[] = []
  let session: Session | undefined
  for (const [row, time] of times.entries()) {
    const at = new Date(time)
    if (session && at >= session.open && at < session.close) {
      found.at(-1)!.to = row
      continue
    }
    session = calendar.sessionAt(at)
    if (session) found.push({ from: row, to: row })
  }
  const [first] = found
  const isWhole = first && (first.from > 0 || calendar.sessionAt(new Date(times[0]!))!.open.getTime() === times[0])
  return isWhole ? found : found.slice(1)
}

/** Does the symbol have a bar in this slot? */
function isPlaying({ slots }: Recorded, slot: number): boolean {
  return slots[lastRowBefore(slots, slot + 1)] === slot
}

/** The prices of the four quarters of a bar. The extreme nearer to the open comes first. */
function walk({ open, high, low, close }: Recorded, row: number): number[] {
  const [from, top, bottom, to] = [open[row]!, high[row]!, low[row]!, close[row]!]
  return top - from < from - bottom ? [from, top, bottom, to] : [from, bottom, top, to]
}

/** The data has no bid and ask: assume a spread of one basis point, and of at least a cent ($0.0001 below a dollar). */
function around(price: number, { tick }: Instrument, decimals: number): { bid: Big; ask: Big; last: Big } {
  const spread = Math.max(price < 1 ? 0.0001 : 0.01, price / 10_000)
  const width = Math.max(1, Math.round(spread / tick.toNumber()))
  const last = exact(price, decimals)
  const bid = last.minus(tick.times(Math.floor(width / 2)))
  // A bid must stay above zero: the lowest possible price leaves no room below it.
  return bid.lte(0)
    ? { bid: last, ask: last.plus(tick.times(width)), last }
    : { bid, ask: bid.plus(tick.times(width)), last }
}

function barOf(recorded: Recorded, from: number, to: number, at: Date): Bar {
  let [high, low, volume] = [0, Number.POSITIVE_INFINITY, new Big(0)]
  for (let row = from; row <= to; row++) {
    high = Math.max(high, recorded.high[row]!)
    low = Math.min(low, recorded.low[row]!)
    volume = volume.plus(exact(recorded.volume[row]!, mostDecimals))
  }
  return {
    at,
    tradedAt: new Date(recorded.times[from]!),
    open: exact(recorded.open[from]!, recorded.decimals),
    high: exact(high, recorded.decimals),
    low: exact(low, recorded.decimals),
    close: exact(recorded.close[to]!, recorded.decimals),
    volume,
  }
}

/** A number as the file has it, without rounding errors of a float. */
function exact(value: number, decimals: number): Big {
  return new Big(value.toFixed(decimals))
}

/** The last row whose slot is below `slot`; -1 when there is none. */
function lastRowBefore(slots: Int32Array, slot: number): number {
  let [from, to] = [0, slots.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (slots[middle]! < slot) from = middle + 1
    else to = middle
  }
  return from - 1
}
