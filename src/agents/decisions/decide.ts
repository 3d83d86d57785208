import { createHash } from 'node:crypto'
import type { BacktestStrategy, Trader } from '../../backtest/engine/port.ts'
import type { Columns } from '../../strategies/screeners/strategy.ts'
import type { AgentWish } from '../rules/agent.ts'

/** The view of an agent at the close of a day: floats of the amounts that its row has exactly. */
export interface Seen {
  day: string
  /** Signed units, and dollars. */
  quantity: number
  equity: number
  /** Dollars a unit, on the scale of that day. */
  close?: number
  /** The wishes that were kept then; absent where the strategy was not asked. */
  wishes?: readonly AgentWish[]
}

/** The rule by which an agent decides, with the bars of one symbol up to the day. */
export interface Rule {
  strategy: BacktestStrategy
  parameters: Record<string, unknown>
  bars: Columns
  /** Bars of SPY, for a strategy that reads them. */
  market?: Columns
}

/** A decision that is made anew from what was seen, and is not the one that was kept. */
export interface Difference {
  day: string
  kept: readonly AgentWish[]
  now: AgentWish[]
}

/** The decision after the close of the last bar. */
export interface Decided {
  wishes: AgentWish[]
  /** The state that it was made from, by name. */
  numbers: Record<string, number>
  /** A hash of the bars that it was made from. */
  featuresHash: string
  /** The first earlier decision that would be another one now. */
  difference?: Difference
}

/** Bars of another scale, by more than this share, are those of before a split. */
const otherScale = 0.01

/**
 * Decides by the strategy of the backtests after the last of these closes. A strategy that remembers is led through what was seen at all
 * earlier closes, so the decision follows from rows and bars alone, whatever process makes it. `seen` ends with the day of the last bar.
 * Undefined when there are too few bars.
 */
export function decide(rule: Rule, seen: readonly Seen[]): Decided | undefined {
  const { strategy, parameters, bars, market } = rule
  const last = bars.days.length - 1
  const prepared = strategy.prepare(bars, parameters, market)
  if (last < prepared.warmup || seen.at(-1)?.day !== bars.days[last]) return undefined
  const places = new Map(bars.days.map((day, at) => [day, at]))
  let difference: Difference | undefined
  let wishes: AgentWish[] = []
  for (const one of seen) {
    const at = places.get(one.day)
    if (at === undefined || at < prepared.warmup) continue
    wishes = []
    prepared.decide(at, listening({ ...one, quantity: rescaled(one, bars.close[at]!) }, wishes))
    if (at < last && one.wishes && !isSame(one.wishes, wishes))
      difference ??= { day: one.day, kept: one.wishes, now: wishes }
  }
  const own = Object.entries(prepared.indicators).map(([name, series]) => [name, series[last]!])
  const numbers = Object.fromEntries(
    [...own, ...Object.entries(prepared.seen?.() ?? {})].filter(([, value]) => Number.isFinite(value)),
  )
  return {
    wishes,
    numbers,
    featuresHash: hashOf(rule, prepared.warmup),
    ...(difference && { difference }),
  }
}

/** A split since then has made all bars anew: the units of that day are counted in those of now. */
function rescaled({ quantity, close }: Seen, now: number): number {
  if (close === undefined || Math.abs(close / now - 1) <= otherScale) return quantity
  return Math.round((quantity * close) / now)
}

/** An account as it was, which only notes what is wished. */
function listening({ quantity, equity }: Seen, wishes: AgentWish[]): Trader {
  const note = (does: AgentWish['does'], what?: unknown) => {
    wishes.push({ does, ...(what !== undefined && { what }) })
  }
  return {
    quantity,
    equity,
    order: (wish) => note('order', wish),
    close: () => note('close'),
    scaleout: (chunks) => note('scaleout', chunks),
    protect: (levels) => note('protect', levels),
    cancel: () => note('cancel'),
  }
}

/** Kept wishes came through JSON, which orders no fields anew and loses no digit of a number. */
const isSame = (kept: readonly AgentWish[], now: readonly AgentWish[]) => textOf(kept) === textOf(now)

/** The same text for the same wishes, in whatever order their fields are. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

/** Bars before the warm-up change no decision, and are left out of the hash. */
function hashOf({ bars, market, parameters, strategy }: Rule, warmup: number): string {
  const hash = createHash('sha256').update(JSON.stringify([strategy.name, parameters]))
  for (const columns of market ? [bars, market] : [bars]) {
    const from = Math.max(0, columns.days.length - warmup - 1)
    hash.update(columns.days.slice(from).join())
    for (const name of ['open', 'high', 'low', 'close', 'volume'] as const)
      hash.update(Float64Array.from(columns[name].subarray(from)))
  }
  return hash.digest('hex')
}
