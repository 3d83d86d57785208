import { dayAfter, dayIn, exchangeZone, momentOn } from '../../../src/base/zone.ts'
import { type Session, sessionOf } from '../../../src/market/calendar.ts'
import { malformed } from './refusals.ts'
import { plain } from './world.ts'

/** A bar with plain numbers: its start as RFC 3339, dollars, shares. */
export interface Bar {
  t: string
  o: number
  h: number
  l: number
  c: number
  v: number
}

/** A bar over a time; the API names bars by their end. */
interface Span extends Bar {
  end: Date
}

export interface BarQuery {
  unit: 'minute' | 'daily' | 'weekly' | 'monthly'
  /** Minutes of a bar of minutes. */
  interval: number
  template: string
  barsBack?: number
  first?: Date
  last: Date
}

const units = ['minute', 'daily', 'weekly', 'monthly']
const templates = ['Default', 'USEQPre', 'USEQPost', 'USEQPreAndPost', 'USEQ24Hour']
const mostBars = 57_600
const minuteMs = 60_000

/** Reads a query for bars; throws the refusal of one that makes no sense. */
export function readBarQuery(query: URLSearchParams, now: Date): BarQuery {
  const unit = (query.get('unit') ?? 'Daily').toLowerCase()
  if (!units.includes(unit)) throw malformed(`Invalid unit: ${unit}`)
  const interval = Number(query.get('interval') ?? 1)
  const isMinutes = unit === 'minute'
  if (!Number.isInteger(interval) || interval < 1 || interval > (isMinutes ? 1440 : 1)) {
    throw malformed(`Invalid interval: ${query.get('interval')}`)
  }
  const template = query.get('sessiontemplate') ?? 'Default'
  if (!templates.includes(template)) throw malformed(`Invalid sessiontemplate: ${template}`)
  const [back, first] = [query.get('barsback'), query.get('firstdate')]
  if (back !== null && first !== null) throw malformed('barsback and firstdate are mutually exclusive')
  const barsBack = Number(back ?? 1)
  if (!Number.isInteger(barsBack) || barsBack < 1 || (isMinutes && barsBack > mostBars)) {
    throw malformed(`Invalid barsback: ${back}`)
  }
  if (query.get('lastdate') && query.get('startdate')) throw malformed('lastdate and startdate are mutually exclusive')
  const last = query.get('lastdate') ?? query.get('startdate')
  return {
    unit: unit as BarQuery['unit'],
    interval,
    template,
    ...(first === null ? { barsBack } : { first: dateOf(first) }),
    last: last === null ? now : dateOf(last),
  }
}

function dateOf(text: string): Date {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw malformed(`Invalid date: ${text}`)
  return at
}

/** The raw bars of symbols, by minutes or days, and what is made of them. */
export interface Bars {
  /** Raw bars, oldest first, with their starts; later ones replace those with the same start. */
  give(symbol: string, timeframe: '1Min' | '1Day', bars: Bar[]): void
  /** Bars as the API shows them, oldest first. The last may be open. */
  shown(symbol: string, query: BarQuery, now: Date): Record<string, unknown>[]
  /** The bar of today, as far as it has come, and the one before; undefined when there are none. */
  days(symbol: string, now: Date): { today?: Bar; before?: Bar }
}

/** No bars yet. */
export function createBars(): Bars {
  const given = { '1Min': new Map<string, Map<number, Bar>>(), '1Day': new Map<string, Map<number, Bar>>() }
  const rawOf = (symbol: string, timeframe: '1Min' | '1Day', now: Date): Bar[] =>
    [...(given[timeframe].get(symbol)?.entries() ?? [])]
      .filter(([at]) => at <= now.getTime())
      .sort(([one], [other]) => one - other)
      .map(([, bar]) => bar)

  function spans(symbol: string, { unit, interval, template }: BarQuery, now: Date): Span[] {
    const isLong = unit !== 'minute'
    const base = isLong && given['1Day'].has(symbol) ? '1Day' : '1Min'
    const found = new Map<number, Span>()
    for (const bar of rawOf(symbol, base, now)) {
      const end = isLong ? endOfDays(bar, unit, template) : endOfMinutes(bar, interval, template)
      if (!end) continue
      const before = found.get(end.getTime())
      if (!before) found.set(end.getTime(), { ...bar, end })
      else {
        const { h, l, c, v } = bar
        Object.assign(before, { h: Math.max(before.h, h), l: Math.min(before.l, l), c, v: before.v + v })
      }
    }
    return [...found.values()]
  }

  const daily = (last: Date): BarQuery => ({ unit: 'daily', interval: 1, template: 'Default', last })

  return {
    give(symbol, timeframe, bars) {
      const all = given[timeframe].get(symbol) ?? new Map<number, Bar>()
      given[timeframe].set(symbol, all)
      for (const bar of bars) all.set(new Date(bar.t).getTime(), bar)
    },
    shown(symbol, query, now) {
      const { barsBack, first, last } = query
      const within = spans(symbol, query, now).filter(
        ({ t, end }) => new Date(t) <= last && (!first || end.getTime() > first.getTime()),
      )
      return within.slice(-Math.min(barsBack ?? mostBars, mostBars)).map((span) => barJson(span, now))
    },
    days(symbol, now) {
      const all = spans(symbol, daily(now), now)
      const isToday = ({ end }: Span) => dayIn(end, exchangeZone) === dayIn(now, exchangeZone)
      return { today: all.findLast(isToday), before: all.findLast((span) => !isToday(span)) }
    },
  }
}

/** The times of a day in which a template has bars. */
function hoursOf({ day, open, close, isHalfDay }: Session, template: string): [begin: Date, end: Date] {
  const early = momentOn(day, '04:00', exchangeZone)
  const late = momentOn(day, isHalfDay ? '17:00' : '20:00', exchangeZone)
  const isEarly = template === 'USEQPre' || template === 'USEQPreAndPost' || template === 'USEQ24Hour'
  const isLate = template === 'USEQPost' || template === 'USEQPreAndPost' || template === 'USEQ24Hour'
  return [isEarly ? early : open, isLate ? late : close]
}

/** The end of the bar in which a minute lies: bars are counted from the beginning of the session. */
function endOfMinutes({ t }: Bar, interval: number, template: string): Date | undefined {
  const at = new Date(t)
  const session = sessionOf(dayIn(at, exchangeZone))
  if (!session) return undefined
  const [begin, end] = hoursOf(session, template)
  if (at < begin || at >= end) return undefined
  const step = interval * minuteMs
  const over = begin.getTime() + (Math.floor((at.getTime() - begin.getTime()) / step) + 1) * step
  return new Date(Math.min(over, end.getTime()))
}

/** The close of the last session of the day, week or month in which a bar lies. */
function endOfDays({ t }: Bar, unit: string, template: string): Date | undefined {
  const at = new Date(t)
  const day = dayIn(at, exchangeZone)
  const own = sessionOf(day)
  if (!own) return undefined
  const isMinute = !/T0[0-5]:00:00(\.000)?Z$/.test(t)
  const [begin, end] = hoursOf(own, template)
  if (isMinute && (at < begin || at >= end)) return undefined
  if (unit === 'daily') return own.close
  let last = own
  for (let days = 1; days < 31; days++) {
    const next = dayAfter(day, days)
    const isIn =
      unit === 'weekly'
        ? new Date(next).getUTCDay() > new Date(day).getUTCDay() && days < 7
        : next.slice(0, 7) === day.slice(0, 7)
    if (!isIn) break
    last = sessionOf(next) ?? last
  }
  return last.close
}

function barJson({ o, h, l, c, v, end }: Span, now: Date): Record<string, unknown> {
  const isOpen = end > now
  return {
    High: String(h),
    Low: String(l),
    Open: String(o),
    Close: String(c),
    TimeStamp: plain(end),
    TotalVolume: String(v),
    DownTicks: 0,
    DownVolume: 0,
    OpenInterest: '0',
    IsRealtime: isOpen,
    IsEndOfHistory: false,
    TotalTicks: 1,
    UnchangedTicks: 0,
    UnchangedVolume: 0,
    UpTicks: 1,
    UpVolume: v,
    Epoch: end.getTime(),
    BarStatus: isOpen ? 'Open' : 'Closed',
  }
}
