import type { SmartConditions } from '../trading/scaleouts/rules/smart-scaleout.ts'
import { aroundTheClock, type Calendar } from './calendar.ts'
import { calendarFor, type SessionBars, sessionsOf, tradedAt } from './indicators/sessions.ts'
import type { Bar, Instrument, Market } from './market.ts'

const minute = 60_000
const bucketMinutes = 5
const bucketMs = bucketMinutes * minute
/** An hour: no scaleout is planned further ahead. */
const buckets = 12
/** The least remaining time of a session, in milliseconds. */
const shortest = 1000
/** Earlier sessions whose median is the curve: the most, and the fewest that make one. */
const sessions = { most: 10, least: 3 }
/** Ten days around the clock; more sessions of an exchange. */
const barsAsked = (sessions.most + 1) * 288
/** Buckets: the last half hour shows how busy today is, and the returns of three hours show the volatility. */
const recent = { volume: 6, returns: 36 }
/** Bounds of the factor for today's activity: one busy half hour does not make a busy day. */
const busiest = { least: 0.5, most: 2 }

/**
 * The expected volume of a symbol in the next hour, in buckets of five minutes, and its volatility. The volume is the median
 * at the same time after the open in the last ten sessions, times a factor for today: the volume of the last half hour over
 * that median (0.5 to 2). With fewer than three sessions it is the mean volume of the last half hour. The volatility is that
 * of the last three hours. Undefined when the market has no bars, or without volume.
 */
export async function expectedConditions(
  market: Market,
  instrument: Instrument,
  at: { now: Date; scale: number },
): Promise<SmartConditions | undefined> {
  const bars = await market.bars(instrument.symbol, bucketMinutes, barsAsked)
  const last = bars.at(-1)
  if (!last || bars.length < 2) return undefined
  // With a time scale, or in a recording, the exchange's time differs from the clock's.
  const now = new Date(tradedAt(last).getTime() + (at.now.getTime() - last.at.getTime()) * at.scale)
  return conditionsAt(bars, calendarFor(instrument), now)
}

/** The same from finished bars of five minutes; `now` is in the exchange's time. */
export function conditionsAt(bars: Bar[], own: Calendar, now: Date): SmartConditions | undefined {
  const calendar = own.sessionAt(now) ? own : aroundTheClock
  const session = calendar.lastSession(now)
  const length = session.close.getTime() - session.open.getTime()
  const elapsed = now.getTime() - session.open.getTime()
  const before = sessionsOf(bars, calendar).filter((one) => one.session.day !== session.day)
  const usual = curveOf(before.slice(-sessions.most))

  const left = calendar.isAlwaysOpen ? Number.POSITIVE_INFINITY : length - elapsed
  const whole = Math.min(buckets, Math.floor(left / bucketMs))
  // In the last minutes of a session there is one short bucket.
  const lastMs = whole === 0 ? Math.max(left, shortest) : bucketMs
  const open = Array.from({ length: Math.max(1, whole) }, (_, index) => elapsed + (index + 0.5) * lastMs)
  const flat = mean(bars.slice(-recent.volume).map((bar) => bar.volume.toNumber()))
  const busy = usual ? busyness(bars, usual, elapsed, length) : 1
  const part = lastMs / bucketMs
  const expected = usual && open.map((offset) => usual(offset % length) * busy * part)
  const volumes = expected?.some((volume) => volume > 0) ? expected : open.map(() => flat * part)
  if (!volumes.some((volume) => volume > 0)) return undefined

  const returns = bars.slice(-recent.returns).map((bar) => Math.log(bar.close.div(bar.open).toNumber()) ** 2)
  return { volumes, bucketMs: lastMs, volatility: Math.sqrt(mean(returns) * part), sessionMs: length }
}

/** The median volume of a bucket, by milliseconds since the open; undefined with too few sessions. */
function curveOf(before: SessionBars[]): ((offset: number) => number) | undefined {
  if (before.length < sessions.least) return undefined
  const byBucket = before.map(({ session, bars }) => {
    const volumes = new Map<number, number>()
    for (const bar of bars)
      volumes.set(Math.floor((tradedAt(bar).getTime() - session.open.getTime()) / bucketMs), bar.volume.toNumber())
    return volumes
  })
  return (offset) => median(byBucket.map((volumes) => volumes.get(Math.floor(offset / bucketMs)) ?? 0))
}

/** The volume of the last half hour, relative to the median at that time. */
function busyness(bars: Bar[], usual: (offset: number) => number, elapsed: number, length: number): number {
  const offsets = Array.from({ length: recent.volume }, (_, index) => elapsed - (index + 0.5) * bucketMs)
  const expected = offsets.reduce((all, offset) => all + (offset < 0 ? 0 : usual(offset % length)), 0)
  const since = offsets.filter((offset) => offset >= 0).length
  if (expected <= 0 || since === 0) return 1
  const traded = bars.slice(-since).reduce((all, bar) => all + bar.volume.toNumber(), 0)
  return Math.min(busiest.most, Math.max(busiest.least, traded / expected))
}

function mean(values: number[]): number {
  return values.reduce((all, value) => all + value, 0) / values.length
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2
}
