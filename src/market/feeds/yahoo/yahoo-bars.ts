import { z } from 'zod'
import type { Calendar } from '../../calendar.ts'
import type { Bar } from '../../market.ts'
import { amountIn, priceIn } from '../shared/prices.ts'

/** The lengths of bars that Yahoo has, in minutes, with its word for each and the days for which it keeps them. */
export const yahooLengths: ReadonlyMap<number, { interval: string; days: number }> = new Map([
  [1, { interval: '1m', days: 29 }],
  [5, { interval: '5m', days: 59 }],
  [15, { interval: '15m', days: 59 }],
  [30, { interval: '30m', days: 59 }],
  [1440, { interval: '1d', days: 20_000 }],
])

const values = z.array(z.unknown()).nullish()
const written = z.object({
  meta: z.object({ currency: z.string().nullish(), exchangeDataDelayedBy: z.unknown().optional() }).nullish(),
  timestamp: z.array(z.number()).nullish(),
  indicators: z.object({
    quote: z.array(z.object({ open: values, high: values, low: values, close: values, volume: values })),
  }),
  events: z
    .object({
      splits: z
        .record(z.string(), z.object({ date: z.number(), numerator: z.number(), denominator: z.number() }))
        .nullish(),
    })
    .nullish(),
})

const minuteMs = 60_000
const dayMinutes = 1440

/**
 * Milliseconds after its end from which on a bar is taken as final: Yahoo fills the last minute in late, and changes that of a day
 * until the closing auction is counted.
 */
export const settleMs = (minutes: number): number => (minutes >= dayMinutes ? 10 * minuteMs : minuteMs)

/**
 * The bars in a chart, oldest first: prices and volumes in today's shares, not adjusted for dividends. `unreadable` when the chart
 * cannot be read, or is not in dollars; `unapplied` when there was a split that earlier bars do not contain yet. Left out are bars with
 * a gap in them, and those that begin outside of sessions or beside the grid, such as the last trade, which Yahoo adds as a bar.
 */
export function barsIn(
  chart: unknown,
  { minutes, calendar }: { minutes: number; calendar: Calendar },
): Bar[] | 'unreadable' | 'unapplied' {
  const parsed = written.safeParse(chart)
  if (!parsed.success) return 'unreadable'
  const { meta, timestamp, indicators, events } = parsed.data
  if (meta?.currency && meta.currency !== 'USD') return 'unreadable'
  const prices = indicators.quote[0]
  const byStart = new Map<number, Bar>()
  for (const [index, seconds] of (timestamp ?? []).entries()) {
    const at = slotOf(new Date(seconds * 1000), minutes, calendar)
    const [open, high, low, close] = [prices?.open, prices?.high, prices?.low, prices?.close].map((all) =>
      priceIn(all?.[index]),
    )
    // Of two bars of the same time the first is the whole one.
    if (!at || byStart.has(at.getTime()) || !open || !high || !low || !close) continue
    const volume = amountIn(prices?.volume?.[index]) ?? open.times(0)
    byStart.set(at.getTime(), { at, open, high, low, close, volume })
  }
  const bars = [...byStart.values()].sort((one, other) => one.at.getTime() - other.at.getTime())
  return Object.values(events?.splits ?? {}).some((split) => isUnapplied(bars, split)) ? 'unapplied' : bars
}

/** The beginning of the bar with this time stamp; undefined when no bar of a session begins there. */
function slotOf(stamp: Date, minutes: number, calendar: Calendar): Date | undefined {
  if (minutes >= dayMinutes) return calendar.sessionOf(stamp)?.open
  const session = calendar.sessionAt(stamp)
  const isOnGrid = session && (stamp.getTime() - session.open.getTime()) % (minutes * minuteMs) === 0
  return isOnGrid ? stamp : undefined
}

interface Split {
  /** Unix seconds. */
  date: number
  numerator: number
  denominator: number
}

/** Are the bars before a split still in old shares? Then the price jumps there by nearly the whole ratio. */
function isUnapplied(bars: Bar[], { date, numerator, denominator }: Split): boolean {
  const ratio = Math.log(numerator / denominator)
  const first = bars.findIndex(({ at }) => at.getTime() >= date * 1000)
  if (first <= 0 || !Number.isFinite(ratio) || ratio === 0) return false
  const jump = Math.log(bars[first - 1]!.close.div(bars[first]!.open).toNumber())
  return Math.sign(jump) === Math.sign(ratio) && Math.abs(jump) > Math.abs(ratio) / 2
}
