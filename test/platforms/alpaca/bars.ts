import { dayIn, exchangeZone, momentOn } from '../../../src/base/zone.ts'

/** A bar with plain numbers: dollars, shares, and the start as RFC 3339. */
export interface Bar {
  t: string
  o: number
  h: number
  l: number
  c: number
  v: number
  n: number
  vw: number
}

/** A length as the API writes it: `5Min`, `1Hour`, `1Day`, `1Week`, `3Month`. */
export interface Timeframe {
  count: number
  unit: 'Min' | 'Hour' | 'Day' | 'Week' | 'Month'
}

const most = { Min: 59, Hour: 23, Day: 1, Week: 1, Month: 12 }
const short: Record<string, Timeframe['unit']> = { T: 'Min', H: 'Hour', D: 'Day', W: 'Week', M: 'Month' }

/** Reads a length; undefined when there is no such. */
export function readTimeframe(text: string): Timeframe | undefined {
  const [, digits, name] = /^(\d+)(Min|T|Hour|H|Day|D|Week|W|Month|M)$/.exec(text) ?? []
  if (!digits || !name) return undefined
  const unit = short[name] ?? (name as Timeframe['unit'])
  const count = Number(digits)
  const isThere = unit === 'Month' ? [1, 2, 3, 4, 6, 12].includes(count) : count >= 1 && count <= most[unit]
  return isThere ? { count, unit } : undefined
}

/** The start of the bar of this length in which a moment lies. */
export function startOf(at: Date, { count, unit }: Timeframe): Date {
  if (unit === 'Min' || unit === 'Hour') {
    const step = count * (unit === 'Min' ? 60_000 : 3_600_000)
    const midnight = momentOn(dayIn(at, exchangeZone), '00:00', exchangeZone).getTime()
    return new Date(midnight + Math.floor((at.getTime() - midnight) / step) * step)
  }
  let day = dayIn(at, exchangeZone)
  if (unit === 'Month') {
    const month = Math.floor((Number(day.slice(5, 7)) - 1) / count) * count + 1
    day = `${day.slice(0, 5)}${String(month).padStart(2, '0')}-01`
  }
  if (unit === 'Week') {
    const back = (new Date(day).getUTCDay() + 6) % 7
    day = new Date(Date.parse(day) - back * 86_400_000).toISOString().slice(0, 10)
  }
  return momentOn(day, '00:00', exchangeZone)
}

/** Longer bars from shorter ones, oldest first. The last may be unfinished. */
export function combined(bars: Bar[], timeframe: Timeframe): Bar[] {
  const found = new Map<number, Bar>()
  for (const bar of bars) {
    const start = startOf(new Date(bar.t), timeframe)
    const before = found.get(start.getTime())
    if (!before) found.set(start.getTime(), { ...bar, t: plain(start) })
    else {
      const v = before.v + bar.v
      Object.assign(before, {
        h: Math.max(before.h, bar.h),
        l: Math.min(before.l, bar.l),
        c: bar.c,
        vw: v === 0 ? bar.vw : (before.vw * before.v + bar.vw * bar.v) / v,
        v,
        n: before.n + bar.n,
      })
    }
  }
  return [...found.values()]
}

/** A moment without decimals. */
export const plain = (at: Date): string => at.toISOString().replace('.000Z', 'Z')

/** Multiplies the prices of bars, and divides their volumes by another number. */
export function scaled(bar: Bar, prices: number, volume: number): Bar {
  const price = (amount: number) => Number((amount * prices).toFixed(6))
  return {
    ...bar,
    o: price(bar.o),
    h: price(bar.h),
    l: price(bar.l),
    c: price(bar.c),
    vw: price(bar.vw),
    v: Math.round(bar.v / volume),
  }
}
