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
  [60, { interval: '60m', days: 729 }],
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
 * Yahoo still changes a bar for a moment after its end; that of a day until the closing auction is counted. Earlier than these
 * milliseconds after its end a bar is not taken as finished.
 */
const settleMs = { short: 20_000, day: 10 * minuteMs }

/**
 * The finished bars in a chart at a moment, oldest first: prices and volumes in today's shares, not adjusted for dividends.
 * Undefined when the chart cannot be read, or is not in dollars. Left out are bars with a gap in them, those outside of sessions,
 * doubled ones, the one under way, and those from before a split that Yahoo has not applied to them yet.
 */
export function barsIn(
  chart: unknown,
  { minutes, calendar, now, delayMs }: { minutes: number; calendar: Calendar; now: Date; delayMs: number },
): Bar[] | undefined {
  const parsed = written.safeParse(chart)
  if (!parsed.success) return undefined
  const { meta, timestamp, indicators, events } = parsed.data
  if (meta?.currency && meta.currency !== 'USD') return undefined
  const prices = indicators.quote[0]
  const byStart = new Map<number, Bar>()
  for (const [index, seconds] of (timestamp ?? []).entries()) {
    const slot = slotOf(new Date(seconds * 1000), minutes, calendar)
    if (!slot) continue
    const settle = minutes >= dayMinutes ? settleMs.day : settleMs.short
    if (slot.end.getTime() + settle + delayMs > now.getTime()) continue
    const [open, high, low, close] = [prices?.open, prices?.high, prices?.low, prices?.close].map((all) =>
      priceIn(all?.[index]),
    )
    if (!open || !high || !low || !close) continue
    if (high.lt(low) || high.lt(open) || high.lt(close) || low.gt(open) || low.gt(close)) continue
    const volume = amountIn(prices?.volume?.[index]) ?? open.times(0)
    // Of two bars of the same time the first is the whole one; Yahoo adds the last trade as another.
    const start = slot.at.getTime()
    if (!byStart.has(start)) byStart.set(start, { at: slot.at, open, high, low, close, volume })
  }
  const bars = [...byStart.values()].sort((one, other) => one.at.getTime() - other.at.getTime())
  return sinceUnapplied(bars, Object.values(events?.splits ?? {}))
}

/** The beginning and the end of the bar with this time stamp; undefined when no bar of a session begins there. */
function slotOf(stamp: Date, minutes: number, calendar: Calendar): { at: Date; end: Date } | undefined {
  if (minutes >= dayMinutes) {
    const session = calendar.sessionOf(stamp)
    return session && { at: session.open, end: session.close }
  }
  const session = calendar.sessionAt(stamp)
  if (!session) return undefined
  const since = stamp.getTime() - session.open.getTime()
  if (since % (minutes * minuteMs) !== 0) return undefined
  return { at: stamp, end: new Date(Math.min(stamp.getTime() + minutes * minuteMs, session.close.getTime())) }
}

interface Split {
  /** Unix seconds. */
  date: number
  numerator: number
  denominator: number
}

/** The bars since the last split that earlier bars do not contain yet: the price jumps there by nearly the whole ratio. */
function sinceUnapplied(bars: Bar[], splits: Split[]): Bar[] {
  let from = 0
  for (const { date, numerator, denominator } of splits) {
    const ratio = Math.abs(Math.log(numerator / denominator))
    const first = bars.findIndex(({ at }) => at.getTime() >= date * 1000)
    if (first <= 0 || !(ratio > 0)) continue
    const jump = Math.log(bars[first - 1]!.close.div(bars[first]!.open).toNumber())
    const isUnapplied = Math.sign(jump) === Math.sign(Math.log(numerator / denominator)) && Math.abs(jump) > ratio / 2
    if (isUnapplied) from = Math.max(from, first)
  }
  return bars.slice(from)
}
