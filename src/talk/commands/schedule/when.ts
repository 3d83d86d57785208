import { durationText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { dayAfter, dayIn, dayText, momentOn, timeText, wallClock, weekdayOf, whenText } from '../../../base/zone.ts'
import type { Calendar, Session } from '../../../market/calendar.ts'
import type { Time } from './time-words.ts'

/** The facts for reading a time in words. */
export interface Now {
  now: Date
  /** The member's time zone. */
  zone: string
  /** The sessions that give "open" and "close" their times. */
  calendar: Calendar
  /** The market trades at every hour, also outside of the sessions. */
  isAlwaysOpen?: boolean
  /** The present session is that of the venue, by its own word. */
  isByVenue?: boolean
}

/** The moment that was said, and the latest time at which the order still makes sense. */
export interface Meant {
  at: Date
  late: Date
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const minuteMs = 60_000
/** "At the close" means this much before it, because nothing trades at the close itself. */
const beforeCloseMs = minuteMs
/** An order in a market that never closes may be late by this much; long before that its member is asked. */
const lateMs = 30 * 24 * 60 * minuteMs

/**
 * The moment of a time in words, or a refusal with the reason and a better wording. A `time` is when something is done, so it
 * must lie within a session. A `deadline` may also be the end of a session.
 */
export function momentMeant(slot: 'time' | 'deadline', said: Time, against: Now): Meant | Refusal {
  const { now, zone, calendar } = against
  switch (said.kind) {
    case 'kept': {
      const { at } = said
      const { hour, minute } = wallClock(at, zone)
      const clock = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':')
      return at <= now ? passed(at, clock, against) : inSession(slot, at, against, clock)
    }
    case 'day':
      return missing(said.day)
    case 'ahead':
      return inSession(slot, new Date(now.getTime() + said.ms), against, 'open')
    case 'bell':
      return atBell(slot, said, against)
    case 'clock': {
      const at = onDay(said.clock, said.day, said.zone ?? zone, now)
      if (at <= now) return passed(at, said.clock, against)
      return inSession(slot, at, against, said.clock, calendar.sessionOf(dayIn(at, calendar.timeZone)))
    }
  }
}

function passed(at: Date, clock: string, against: Now): Refusal {
  const { now, zone } = against
  const sentence = `${timeText(at, zone)} has passed already: it is ${timeText(now, zone)}. Nothing was scheduled.`
  return new Refusal('TIME_PASSED', sentence, laterInstead(clock, against))
}

/**
 * The moment of a clock time on a day of the member's own calendar: today, tomorrow, or the next such weekday on which the
 * time has not passed.
 */
function onDay(clock: string, day: string | undefined, zone: string, now: Date): Date {
  const today = dayIn(now, zone)
  if (day === undefined) return momentOn(today, clock, zone)
  if (day === 'tomorrow') return momentOn(dayAfter(today, 1), clock, zone)
  const days = (weekdays.indexOf(day) - weekdayOf(today) + 7) % 7
  const at = momentOn(dayAfter(today, days), clock, zone)
  return at > now ? at : momentOn(dayAfter(today, days + 7), clock, zone)
}

/** A moment near the exchange's open or close, on a day of the exchange's own calendar. */
function atBell(
  slot: 'time' | 'deadline',
  { bell, minutes, day }: Extract<Time, { kind: 'bell' }>,
  against: Now,
): Meant | Refusal {
  const { now, zone, calendar } = against
  if (calendar.isAlwaysOpen) {
    const sentence = `It is traded around the clock and has no ${bell}. Nothing was scheduled.`
    return new Refusal('NEVER_CLOSES', sentence, 'Name a time, such as `at 3:55pm` or `in 20 minutes`')
  }
  const today = dayIn(now, calendar.timeZone)
  const wanted =
    day === undefined
      ? today
      : day === 'tomorrow'
        ? dayAfter(today, 1)
        : dayAfter(today, (weekdays.indexOf(day) - weekdayOf(today) + 7) % 7)
  const session = calendar.sessionOf(wanted)
  if (!session) return closed(wanted, against)
  const early = slot === 'time' && bell === 'close' && minutes === 0 ? -beforeCloseMs : 0
  const at = new Date(session[bell].getTime() + minutes * minuteMs + early)
  if (at <= now) {
    const next = calendar.nextSession(now)
    const sentence = `The exchange ${bell === 'open' ? 'opened' : 'closed'} at ${timeText(session[bell], zone)}: it is ${timeText(now, zone)}. Nothing was scheduled.`
    return new Refusal(
      'TIME_PASSED',
      sentence,
      `Say \`${dayWord(next.day, against)} ${bell}\`: ${sessionText(next, against)}`,
    )
  }
  return inSession(slot, at, against, bell, session)
}

const isOpenAlways = ({ calendar, isAlwaysOpen }: Now) => calendar.isAlwaysOpen || isAlwaysOpen === true

/** Checks that the market is open at a moment. */
function inSession(
  slot: 'time' | 'deadline',
  at: Date,
  against: Now,
  said: string,
  session = against.calendar.sessionOf(at),
): Meant | Refusal {
  const { zone, calendar } = against
  if (isOpenAlways(against)) return { at, late: new Date(at.getTime() + lateMs) }
  if (!session) return closed(dayIn(at, calendar.timeZone), against)
  const isBefore = slot === 'time' ? at < session.open : at <= session.open
  const isAfter = slot === 'time' ? at >= session.close : at > session.close
  if (!isBefore && !isAfter) return { at, late: session.close }
  const on = dayText(session.open, zone)
  if (isBefore) {
    const sentence = `The exchange opens at ${timeText(session.open, zone)} on ${on}, and ${timeText(at, zone)} is before that. Nothing was scheduled.`
    return new Refusal('EXCHANGE_CLOSED', sentence, 'Say a later time, or `at open`')
  }
  const because = session.isHalfDay ? ` is a half day (${calendar.reasonOf(session.day)})` : ''
  const sentence = because
    ? `${on}${because}: the exchange closes at ${timeText(session.close, zone)}. Nothing was scheduled.`
    : `The ${against.isByVenue ? 'venue' : 'exchange'} closes at ${timeText(session.close, zone)} on ${on}, and ${timeText(at, zone)} is ${at > session.close ? 'after that' : 'too late'}. Nothing was scheduled.`
  const instead =
    session.close > against.now
      ? 'Say an earlier time, or `at close`'
      : laterInstead(/^\d\d:\d\d$/.test(said) ? said : 'open', against)
  return new Refusal(session.isHalfDay ? 'HALF_DAY' : 'EXCHANGE_CLOSED', sentence, instead)
}

/** The refusal for a day without trading. */
function closed(day: string, against: Now): Refusal {
  const { calendar, now } = against
  const next = calendar.nextSession(now)
  const on = `${dayText(new Date(`${day}T12:00:00Z`), 'UTC')}${reasonText(calendar.reasonOf(day))}`
  const sentence = `The exchange is closed on ${on}. Nothing was scheduled.`
  const instead = `The next session is ${sessionText(next, against)}: say \`${dayWord(next.day, against)}\` with the time`
  return new Refusal('EXCHANGE_CLOSED', sentence, instead)
}

const reasonText = (reason: string | undefined) => (reason && !/^an? \w+day$/.test(reason) ? ` (${reason})` : '')

function sessionText(session: Session, { now, zone }: Now): string {
  const half = session.isHalfDay ? ', a half day' : ''
  return `${dayText(session.open, zone)}, ${timeText(session.open, zone)} to ${timeText(session.close, zone)}${half}${
    session.open > now ? ` (opens in ${durationText(session.open.getTime() - now.getTime())})` : ''
  }`
}

/** The day of a session in a member's words: `tomorrow` or `monday`. */
function dayWord(day: string, { now, calendar }: Now): string {
  return dayAfter(dayIn(now, calendar.timeZone), 1) === day ? 'tomorrow' : weekdays[weekdayOf(day)]!
}

function laterInstead(clock: string, against: Now): string {
  const { calendar, now, zone } = against
  if (isOpenAlways(against)) return `Say \`tomorrow ${clock}\` for the next day`
  const next = calendar.nextSession(now)
  const day = dayWord(next.day, against)
  const at = clock === 'open' ? next.open : onDay(clock, day, zone, now)
  const said = at >= next.open && at < next.close ? clock : 'open' // the exchange may be closed at that time
  return `Say \`${day} ${said}\` for the next session: ${sessionText(next, against)}`
}

function missing(day: string): Refusal {
  const sentence = `At what time ${day === 'tomorrow' ? day : `on ${day}`}? Nothing was scheduled.`
  return new Refusal('TIME_MISSING', sentence, `Such as \`${day} 10:00\` or \`${day} open\``)
}

/** `at 3:55 PM EST (in 2 h 10 min)`, and on another day `on Mon Nov 23, 3:55 PM EST (in 3 d)`. */
export function momentWords(word: 'at' | 'by', at: Date, now: Date, zone: string): string {
  const when = whenText(at, now, zone)
  return `${word === 'at' && /^[A-Z]/.test(when) ? 'on' : word} ${when} (in ${durationText(Math.ceil((at.getTime() - now.getTime()) / 1000) * 1000)})`
}
