import type { Kysely } from 'kysely'
import type { Clock } from '../../base/clock.ts'
import { momentOn } from '../../base/zone.ts'
import type { Database } from '../../infra/db/schema.ts'
import { checkBars } from '../bars.ts'
import { type Calendar, calendarOf } from '../calendar.ts'
import type { MarketLog } from '../log.ts'
import type { Bar } from '../market.ts'
import {
  barsSince,
  beginSeries,
  edgeBar,
  type Kept,
  keepBars,
  keptPart,
  keptThrough,
  type Series,
  widenSeries,
} from './bar-rows.ts'
import type { BarSource } from './bar-source.ts'
import { baseOf, dayMinutes, endOf, lastEnd, longer, openingBack, sessionOfBar, sessionsFor, tidied } from './slots.ts'

/** The bars of a source, as `Market.bars` gives them. */
export interface KeptBars {
  (symbol: string, minutes: number, count: number): Promise<Bar[]>
  /** Those of the symbols whose daily bars are not kept up to the last finished day. */
  missing(symbols: string[]): Promise<string[]>
  /** Had the source, when it was asked last, bars of a symbol outside of sessions alone? */
  isOutside(symbol: string): boolean
}

/**
 * A symbol that seldom trades has few bars: this many times as many sessions as would do are looked through, one after the other,
 * before fewer bars than asked for are the answer.
 */
const widths = [1, 2, 6]
/** The same bar at another price by more than this share: the scale of the series has changed. */
const otherScale = 0.01
/** Another process may begin or renew a series meanwhile; then its state is read again. */
const mostTries = 4

/**
 * Keeps the finished bars of a source in Postgres: history is fetched once, by whichever process asks first. A kept bar never
 * changes, but for a change of scale (a split): then the whole series is fetched anew, so that all of its bars have one scale.
 * While the source does not answer, the bars that are kept are the answer; it throws only when there are none.
 */
export function keptBars(
  db: Kysely<Database>,
  source: BarSource,
  { clock, log }: { clock: Clock; log?: MarketLog },
): KeptBars {
  const underway = new Map<string, Promise<unknown>>()
  const outside = new Set<string>()

  /** Makes sure that a series is kept from a moment on. Only one of the same series is under way in a process. */
  function ensure(series: Series, calendar: Calendar, from: Date): Promise<Kept> {
    const key = `${series.symbol} ${series.minutes}`
    const before = underway.get(key) ?? Promise.resolve()
    const mine = before.then(
      () => bring(series, calendar, from),
      () => bring(series, calendar, from),
    )
    underway.set(key, mine)
    const end = () => {
      if (underway.get(key) === mine) underway.delete(key)
    }
    mine.then(end, end)
    return mine
  }

  async function bring(series: Series, calendar: Calendar, wanted: Date): Promise<Kept> {
    const { minutes, symbol } = series
    for (let tries = 0; tries < mostTries; tries++) {
      const now = clock.now()
      const end = lastEnd(new Date(now.getTime() - source.settleMs(minutes)), minutes, calendar)
      const earliest = source.earliest(minutes, now)
      const from = wanted < earliest ? earliest : wanted
      const kept = await keptPart(db, series)
      const isEnough = kept && (kept.from <= from || kept.isWhole) && kept.through >= end
      if (isEnough) return kept
      try {
        const done =
          kept && !(await isRescaled(symbol, kept, now))
            ? await widen(series, calendar, kept, from, end)
            : await begin(series, calendar, kept, from, end)
        if (done) return done
      } catch (cause) {
        if (!kept) throw cause
        log?.warn(
          { err: cause, symbol, minutes, source: source.name },
          'newer bars could not be had; kept ones are used',
        )
        return kept
      }
    }
    throw new Error(`the bars of ${symbol} from ${source.name} were changed by others all the time`)
  }

  async function isRescaled(symbol: string, { begunAt }: Kept, now: Date): Promise<boolean> {
    const moments = (await source.rescaled?.(symbol)) ?? []
    return moments.some((at) => begunAt < at && at <= now)
  }

  /** Fetches a whole series, or fetches it anew, for at least the part that was kept. */
  async function begin(series: Series, calendar: Calendar, before: Kept | undefined, wanted: Date, end: Date) {
    const begunAt = clock.now()
    const earliest = source.earliest(series.minutes, begunAt)
    const all = before && before.from < wanted ? before.from : wanted
    const from = all < earliest ? earliest : all
    const bars = await finished(series, calendar, from, end)
    const kept: Kept = {
      from,
      through: end,
      isWhole: from <= earliest,
      begunAt,
      generation: (before?.generation ?? 0) + 1,
    }
    const isBegun = await db.transaction().execute(async (trx) => {
      if (!(await beginSeries(trx, series, kept))) return false
      await keepBars(trx, series, bars, begunAt)
      return true
    })
    return isBegun ? kept : undefined
  }

  /** Fetches the bars before and after the kept part. Each fetch has a kept bar in it, which tells a change of scale. */
  async function widen(series: Series, calendar: Calendar, kept: Kept, from: Date, end: Date) {
    const at = clock.now()
    const bars: Bar[] = []
    const wider = { ...kept }
    if (from < kept.from && !kept.isWhole) {
      const first = await edgeBar(db, series, 'first')
      const earlier = await finished(series, calendar, from, first ? endOfKept(first, series, calendar) : kept.from)
      if (first && hasOtherScale(first, earlier)) return begin(series, calendar, kept, from, end)
      bars.push(...earlier)
      wider.from = from
      wider.isWhole = from <= source.earliest(series.minutes, at)
    }
    if (kept.through < end) {
      const last = await edgeBar(db, series, 'last')
      const later = await finished(series, calendar, last?.at ?? wider.from, end)
      if (last && hasOtherScale(last, later)) return begin(series, calendar, kept, from, end)
      bars.push(...later.filter((bar) => !last || bar.at > last.at))
      wider.through = end
    }
    return db.transaction().execute(async (trx) => {
      const now = await keptPart(trx, series, true)
      if (now?.generation !== kept.generation) return undefined
      const isSame = now.from.getTime() === kept.from.getTime() && now.through.getTime() === kept.through.getTime()
      // Another process kept bars meanwhile: a late one of ours must not come between them.
      if (!isSame) return undefined
      await keepBars(trx, series, bars, at)
      await widenSeries(trx, series, wider)
      return wider
    })
  }

  /** The finished bars of the source in [from, end), tidied. */
  async function finished(series: Series, calendar: Calendar, from: Date, end: Date): Promise<Bar[]> {
    if (end <= from) return []
    const { symbol, minutes } = series
    const start = minutes === dayMinutes ? midnightOf(from, calendar) : from
    const all = await source.fetch(symbol, minutes, start, end)
    const bars = tidied(all, minutes, calendar)
    if (bars.length > 0) outside.delete(symbol)
    else if (all.length > 0) outside.add(symbol)
    return bars.filter((bar) => {
      const session = sessionOfBar(bar, minutes, calendar)
      return session !== undefined && bar.at >= start && endOf(bar, minutes, session) <= end
    })
  }

  async function bars(asked: string, minutes: number, count: number): Promise<Bar[]> {
    checkBars(minutes, count)
    const symbol = asked.toUpperCase()
    const base = baseOf(minutes, source.lengths)
    if (base === undefined || count === 0) return []
    const calendar = calendarOf(symbol)
    const series: Series = { source: source.name, symbol, minutes: base, adjustment: source.adjustment }
    const now = clock.now()
    const sessions = sessionsFor(count, minutes, calendar, now)
    let found: Bar[] = []
    for (const width of widths) {
      const opened = openingBack(now, sessions * width, calendar)
      const from = base === dayMinutes ? midnightOf(opened, calendar) : opened
      const kept = await ensure(series, calendar, from)
      const begins = kept.from > from ? kept.from : from
      const bars = await barsSince(db, series, begins)
      found = minutes === base ? bars : longer(bars, minutes, calendar, begins, kept.through)
      if (found.length >= count || kept.isWhole) break
    }
    return found.slice(-count)
  }

  async function missing(symbols: string[]): Promise<string[]> {
    const { name, adjustment, settleMs } = source
    const through = await keptThrough(db, { source: name, minutes: dayMinutes, adjustment }, symbols)
    const settled = new Date(clock.now().getTime() - settleMs(dayMinutes))
    return symbols.filter((symbol) => {
      const kept = through.get(symbol)
      return !kept || kept < lastEnd(settled, dayMinutes, calendarOf(symbol))
    })
  }

  return Object.assign(bars, { missing, isOutside: (symbol: string) => outside.has(symbol.toUpperCase()) })
}

/** The end of a kept bar, which lies in a session. */
function endOfKept(bar: Bar, { minutes }: Series, calendar: Calendar): Date {
  return endOf(bar, minutes, sessionOfBar(bar, minutes, calendar)!)
}

/** Days are kept by their midnight. */
function midnightOf(at: Date, calendar: Calendar): Date {
  const day = calendar.lastSession(at).day
  return new Date(Math.min(at.getTime(), momentOn(day, '00:00', calendar.timeZone).getTime()))
}

function hasOtherScale(kept: Bar, fetched: Bar[]): boolean {
  const same = fetched.find((bar) => bar.at.getTime() === kept.at.getTime())
  return same !== undefined && Math.abs(same.close.div(kept.close).toNumber() - 1) > otherScale
}
