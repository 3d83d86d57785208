import Big from 'big.js'
import { dayAfter, momentOn } from '../../../base/zone.ts'
import { nyse } from '../../calendar.ts'
import type { Bar } from '../../market.ts'
import { amountIn, priceIn } from '../shared/prices.ts'

/** A split: `factor` new shares for one old share from the session of `day` on. */
export interface Split {
  /** `2024-06-10`. */
  day: string
  factor: Big
}

/** The splits in the answer of `SPLITS`; undefined when one of them cannot be read: then no bar can be put into today's shares. */
export function splitsIn(answer: Record<string, unknown>): Split[] | undefined {
  if (!Array.isArray(answer.data)) return undefined
  const splits = answer.data.map((one: unknown) => {
    const { effective_date: day, split_factor: factor } = (one ?? {}) as Record<string, unknown>
    const ratio = priceIn(factor)
    return typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && ratio ? { day, factor: ratio } : undefined
  })
  return splits.includes(undefined) ? undefined : (splits as Split[])
}

/** Decimals to which adjusted prices and volumes are rounded. */
const decimals = 8
const dayMinutes = 1440
const minuteMs = 60_000
/** A bar is final so many milliseconds after its end: a day's with the closing auction, and the source is not quick. */
export const settleMs = (minutes: number): number => (minutes >= dayMinutes ? 15 * minuteMs : 16 * minuteMs)
const zones = new Map([
  ['US/Eastern', 'America/New_York'],
  ['America/New_York', 'America/New_York'],
])

/**
 * The bars of a series as traded, put into today's shares by the splits since; oldest first. Undefined when the answer holds no such
 * series, or not in the exchange's time.
 */
export function barsIn(
  answer: Record<string, unknown>,
  { minutes, splits }: { minutes: number; splits: Split[] },
): Bar[] | undefined {
  const key = Object.keys(answer).find((one) => one.startsWith('Time Series'))
  const series = key === undefined ? undefined : answer[key]
  const meta = (answer['Meta Data'] ?? {}) as Record<string, unknown>
  const zone = Object.entries(meta).find(([name]) => name.endsWith('Time Zone'))?.[1]
  if (typeof series !== 'object' || series === null || typeof zone !== 'string' || !zones.has(zone)) return undefined
  const bars: Bar[] = []
  for (const [stamp, values] of Object.entries(series as Record<string, unknown>)) {
    const slot = slotOf(stamp, minutes, zones.get(zone)!)
    const bar = slot && barOf(values, slot.at)
    if (bar) bars.push(inTodaysShares(bar, slot.day, splits))
  }
  return bars.sort((one, other) => one.at.getTime() - other.at.getTime())
}

/** The bar with this stamp: a day, or a minute in the exchange's time; undefined when none of a session begins there. */
function slotOf(stamp: string, minutes: number, zone: string): { at: Date; day: string } | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d):00)?$/.exec(stamp) ?? []
  const session = day === undefined ? undefined : nyse.sessionOf(day)
  if (!day || !session) return undefined
  if (minutes >= dayMinutes) return time === undefined ? { at: session.open, day } : undefined
  if (time === undefined) return undefined
  const at = momentOn(day, time, zone)
  return at < session.open || at >= session.close ? undefined : { at, day }
}

function barOf(values: unknown, at: Date): Bar | undefined {
  const written = (values ?? {}) as Record<string, unknown>
  const [open, high, low, close] = ['1. open', '2. high', '3. low', '4. close'].map((name) => priceIn(written[name]))
  const volume = amountIn(written['5. volume'])
  if (!open || !high || !low || !close || !volume) return undefined
  return { at, open, high, low, close, volume }
}

function inTodaysShares(bar: Bar, day: string, splits: Split[]): Bar {
  const factor = splits.filter((split) => split.day > day).reduce((all, split) => all.times(split.factor), new Big(1))
  if (factor.eq(1)) return bar
  const price = (value: Big) => value.div(factor).round(decimals)
  return {
    ...{ at: bar.at, open: price(bar.open), high: price(bar.high), low: price(bar.low), close: price(bar.close) },
    volume: bar.volume.times(factor).round(decimals),
  }
}

/** The splits that are in force at a moment: one that is announced for a later day changes nothing yet. */
export const inForce = (splits: Split[], today: string): Split[] => splits.filter(({ day }) => day < dayAfter(today, 1))
