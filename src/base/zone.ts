/** Date and time as a clock in some time zone shows them. `month` is 1 to 12. */
export interface WallClock {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

/** The exchange's time zone: the default for reading and showing times, until a member sets another. */
export const exchangeZone = 'America/New_York'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Creating a formatter costs about a hundred times as much as using it. There are at most as many as time zones. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string, locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([zone, locale, options])
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone })
  formats.set(key, made)
  return made
}

function partsOf(format: Intl.DateTimeFormat, at: Date): Record<string, string> {
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
}

const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const

/** The wall clock of a time zone at a moment. */
export function wallClock(at: Date, zone: string): WallClock {
  const parts = partsOf(formatOf(zone, 'en-US', { ...digits, hourCycle: 'h23' }), at)
  const number = (name: string) => Number(parts[name])
  return {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
  }
}

const asIfUtc = ({ year, month, day, hour, minute }: WallClock) => Date.UTC(year, month - 1, day, hour, minute)

/**
 * The moment at which the clocks of a time zone show this. A time that occurs twice in autumn is the first of the two; a time
 * that is skipped in spring is later by as much as the clocks go forward.
 */
export function momentOf(clock: WallClock, zone: string): Date {
  const wanted = asIfUtc(clock)
  const offset = (guess: number) => asIfUtc(wallClock(new Date(guess), zone)) - Math.floor(guess / minuteMs) * minuteMs
  const before = wanted - offset(wanted - dayMs)
  const after = wanted - offset(wanted + dayMs)
  const fits = [before, after].filter((guess) => asIfUtc(wallClock(new Date(guess), zone)) === wanted)
  return new Date(fits.length > 0 ? Math.min(...fits) : before)
}

/** The date in a time zone at a moment: `2026-11-20`. */
export function dayIn(at: Date, zone: string): string {
  const { year, month, day } = wallClock(at, zone)
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-')
}

/** The date so many days after a date such as `2026-11-20`. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
}

/** The weekday of a date: 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(day).getUTCDay()
}

/** The moment at which the clocks of a time zone show `HH:MM` on a date. */
export function momentOn(day: string, time: string, zone: string): Date {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return momentOf({ year, month, day: date, hour, minute }, zone)
}

/** The common abbreviation of a zone's time at a moment: `EST`, `CET`, `GMT+9`. */
export function zoneLetters(at: Date, zone: string): string {
  // Each English locale knows only the abbreviations of its own region.
  const spoken = ['en-US', 'en-GB', 'en-AU', 'en-IN'].map(
    (locale) => partsOf(formatOf(zone, locale, { timeZoneName: 'short' }), at).timeZoneName ?? zone,
  )
  return spoken.find((name) => /^[A-Z]+$/.test(name)) ?? spoken[0]!
}

/** The time of day in a zone: `3:00 PM EST`; with seconds only when they are not zero. */
export function timeText(at: Date, zone: string): string {
  const seconds = Math.floor(at.getTime() / 1000) % 60 === 0 ? {} : ({ second: '2-digit' } as const)
  const time = formatOf(zone, 'en-US', { hour: 'numeric', minute: '2-digit', ...seconds }).format(at)
  return `${time.replace(/\s/g, ' ')} ${zoneLetters(at, zone)}`
}

/** The date in a zone: `Mon Nov 23`. */
export function dayText(at: Date, zone: string): string {
  return formatOf(zone, 'en-US', { weekday: 'short', month: 'short', day: 'numeric' }).format(at).replace(',', '')
}

/**
 * A moment in a zone: `3:00 PM EST` on the same day as `now`, else `Mon Nov 23, 3:00 PM EST`, in another year with that,
 * `Fri Jan 2 2032, 3:00 PM EST`.
 */
export function whenText(at: Date, now: Date, zone: string): string {
  const [day, today] = [dayIn(at, zone), dayIn(now, zone)]
  if (day === today) return timeText(at, zone)
  const year = day.slice(0, 4)
  const named = year === today.slice(0, 4) ? dayText(at, zone) : `${dayText(at, zone)} ${year}`
  return `${named}, ${timeText(at, zone)}`
}

/**
 * The canonical name of a time zone, from a name in any letter case (`europe/berlin`); undefined when there is no such zone.
 */
export function zoneNamed(name: string): string | undefined {
  // Intl accepts offsets such as +02:00, but they do not follow summer time.
  if (!/^[a-z][a-z0-9_+/-]*$/i.test(name) || name.length > 60) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
