import { dayAfter, weekdayOf } from '../base/zone.ts'

/**
 * Days on which the NYSE closed for special reasons, which no rule foresees. Source:
 * https://www.nyse.com/markets/hours-calendars and the exchange's notices of those days.
 */
const specialClosures = new Map([
  ['2012-10-29', 'Hurricane Sandy'],
  ['2012-10-30', 'Hurricane Sandy'],
  ['2018-12-05', 'National day of mourning for George H. W. Bush'],
  ['2025-01-09', 'National day of mourning for Jimmy Carter'],
])

const [sunday, monday, thursday, saturday] = [0, 1, 4, 6]

/** The special days of a year, by dates such as `2026-11-26`. */
export interface ExchangeYear {
  /** Weekdays without a session, with the reason. */
  closed: Map<string, string>
  /** Days that end at 13:00, with the reason. */
  early: Map<string, string>
}

const years = new Map<number, ExchangeYear>()

/**
 * The NYSE's holidays and early closes of a year, by its Rule 7.2 and the early closes that it publishes for coming years.
 * Valid from 2013 on: in earlier years the days around July 4th followed other rules.
 */
export function exchangeYear(year: number): ExchangeYear {
  const known = years.get(year)
  if (known) return known
  const made = { closed: closedIn(year), early: new Map<string, string>() }
  for (const [day, why] of earlyIn(year)) {
    const weekday = weekdayOf(day)
    if (weekday !== sunday && weekday !== saturday && !made.closed.has(day)) made.early.set(day, why)
  }
  years.set(year, made)
  return made
}

function closedIn(year: number): Map<string, string> {
  const dated: [string, string][] = [
    [`${year}-07-04`, 'Independence Day'],
    [`${year}-12-25`, 'Christmas'],
  ]
  if (year >= 2022) dated.push([`${year}-06-19`, 'Juneteenth'])
  const newYear = `${year}-01-01`
  const closed: [string, string][] = [
    // A New Year's Day on a Saturday is not observed: the Friday before is the last day of the accounting year.
    ...(weekdayOf(newYear) === saturday ? [] : ([[observed(newYear), "New Year's Day"]] as [string, string][])),
    [nth(3, monday, year, 1), 'Martin Luther King Jr. Day'],
    [nth(3, monday, year, 2), "Washington's Birthday"],
    [dayAfter(easterOf(year), -2), 'Good Friday'],
    [lastMondayOfMay(year), 'Memorial Day'],
    ...dated.map(([day, why]) => [observed(day), why] as [string, string]),
    [nth(1, monday, year, 9), 'Labor Day'],
    [thanksgiving(year), 'Thanksgiving'],
    ...[...specialClosures].filter(([day]) => day.startsWith(`${year}-`)),
  ]
  return new Map(closed)
}

/** Candidates for early closes; only those with a session count. July 3rd has none when July 4th is observed on it. */
const earlyIn = (year: number): [string, string][] => [
  // When July 4th falls on a weekend, the day before its observance is a full one.
  ...([sunday, saturday].includes(weekdayOf(`${year}-07-04`))
    ? []
    : ([[`${year}-07-03`, 'the day before Independence Day']] as [string, string][])),
  [dayAfter(thanksgiving(year), 1), 'the day after Thanksgiving'],
  [`${year}-12-24`, 'Christmas Eve'],
]

/** The day on which a holiday is observed: the Friday before for a Saturday, the Monday after for a Sunday. */
function observed(day: string): string {
  const weekday = weekdayOf(day)
  return dayAfter(day, weekday === saturday ? -1 : weekday === sunday ? 1 : 0)
}

const thanksgiving = (year: number) => nth(4, thursday, year, 11)

/** The n-th given weekday of a month. */
function nth(count: number, weekday: number, year: number, month: number): string {
  const first = `${year}-${String(month).padStart(2, '0')}-01`
  return dayAfter(first, ((weekday - weekdayOf(first) + 7) % 7) + 7 * (count - 1))
}

function lastMondayOfMay(year: number): string {
  const last = `${year}-05-31`
  return dayAfter(last, -((weekdayOf(last) - monday + 7) % 7))
}

/** Easter Sunday of the Gregorian calendar: the anonymous algorithm as in Meeus, Astronomical Algorithms, chapter 8. */
function easterOf(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 19 * l) / 433)
  const month = Math.floor((h + l - 7 * m + 90) / 25)
  const day = (h + l - 7 * m + 33 * month + 19) % 32
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
