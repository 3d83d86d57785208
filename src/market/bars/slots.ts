import { dayIn, momentOn } from '../../base/zone.ts'
import type { Calendar, Session } from '../calendar.ts'
import { mergedBar } from '../indicators/sessions.ts'
import type { Bar } from '../market.ts'

export const dayMinutes = 1440
const minuteMs = 60_000
const dayMs = dayMinutes * minuteMs

/**
 * The longest length of a source of which bars of this length are whole multiples; undefined when there is none. Bars of half an
 * hour begin with a session that opens at 9:30, longer ones of a source need not.
 */
export function baseOf(minutes: number, lengths: readonly number[]): number | undefined {
  if (minutes % dayMinutes === 0) return lengths.find((length) => length === dayMinutes)
  const fitting = lengths.filter((length) => length <= 30 && 30 % length === 0 && minutes % length === 0)
  return fitting.length > 0 ? Math.max(...fitting) : undefined
}

/** The last moment up to `at` at which a bar of this length ended. Bars of a day end with their session. */
export function lastEnd(at: Date, minutes: number, calendar: Calendar): Date {
  const session = calendar.lastSession(at)
  if (at >= session.close) return session.close
  const slots = Math.floor((at.getTime() - session.open.getTime()) / (minutes * minuteMs))
  if (slots >= 1 && minutes < dayMinutes) return new Date(session.open.getTime() + slots * minutes * minuteMs)
  return calendar.lastSession(new Date(session.open.getTime() - 1)).close
}

/** The end of a bar in the session in which it begins: the last one of a session may be shorter. */
export function endOf(bar: Bar, minutes: number, session: Session): Date {
  if (minutes >= dayMinutes) return session.close
  return new Date(Math.min(bar.at.getTime() + minutes * minuteMs, session.close.getTime()))
}

/** The opening of the session so many sessions before the one that was last open at a moment. */
export function openingBack(at: Date, sessions: number, calendar: Calendar): Date {
  let session = calendar.lastSession(at)
  for (let back = 0; back < sessions; back++) session = calendar.lastSession(new Date(session.open.getTime() - 1))
  return session.open
}

/** The sessions in which so many bars of a length fit, when each of their slots has one. */
export function sessionsFor(count: number, minutes: number, calendar: Calendar, at: Date): number {
  if (minutes >= dayMinutes) return Math.ceil((count * minutes) / dayMinutes)
  const { open, close } = calendar.lastSession(at)
  const slots = Math.ceil((close.getTime() - open.getTime()) / (minutes * minuteMs))
  return Math.ceil(count / slots)
}

/**
 * The bars of a source that lie within sessions and make sense, oldest first, one a slot. Bars of a day begin at midnight of the
 * calendar's time zone.
 */
export function tidied(bars: Bar[], minutes: number, calendar: Calendar): Bar[] {
  const bySlot = new Map<number, Bar>()
  for (const bar of bars) {
    const at = slotAt(bar, minutes, calendar)
    if (at === undefined || bySlot.has(at) || !makesSense(bar)) continue
    bySlot.set(at, at === bar.at.getTime() ? bar : { ...bar, at: new Date(at) })
  }
  return [...bySlot.keys()].sort((a, b) => a - b).map((at) => bySlot.get(at)!)
}

function slotAt({ at }: Bar, minutes: number, calendar: Calendar): number | undefined {
  if (minutes >= dayMinutes) {
    const day = dayIn(at, calendar.timeZone)
    return calendar.sessionOf(day) && momentOn(day, '00:00', calendar.timeZone).getTime()
  }
  const session = calendar.sessionAt(at)
  const isOnGrid = session && (at.getTime() - session.open.getTime()) % (minutes * minuteMs) === 0
  return isOnGrid ? at.getTime() : undefined
}

/** A provider's bar may have holes, or prices that no trade had. */
function makesSense({ open, high, low, close, volume }: Bar): boolean {
  return low.gt(0) && low.lte(open) && low.lte(close) && high.gte(open) && high.gte(close) && volume.gte(0)
}

/** The session in which a bar begins. */
export const sessionOfBar = (bar: Bar, minutes: number, calendar: Calendar): Session | undefined =>
  minutes >= dayMinutes ? calendar.sessionOf(dayIn(bar.at, calendar.timeZone)) : calendar.sessionAt(bar.at)

/**
 * Bars of a longer length, made of finished ones: within a session from its opening on, and of days by the calendar, weeks from
 * Monday on. A last one that is not over at `through` is left out, and so is a first one that began before `from`.
 */
export function longer(bars: Bar[], minutes: number, calendar: Calendar, from: Date, through: Date): Bar[] {
  const groups = new Map<number, [Bar, ...Bar[]]>()
  for (const bar of bars) {
    const key = groupOf(bar, minutes, calendar)
    if (key === undefined || bar.at >= through) continue
    const group = groups.get(key)
    if (group) group.push(bar)
    else groups.set(key, [bar])
  }
  const isWhole = (key: number) =>
    minutes >= dayMinutes
      ? key !== dayGroup(calendar.nextSession(through).day, minutes) && key !== groupAt(from, minutes, calendar)
      : endOfGroup(key, minutes, calendar) <= through
  return [...groups].flatMap(([key, group]) => {
    if (!isWhole(key)) return []
    const merged = mergedBar(group)
    return minutes >= dayMinutes ? [merged] : [{ ...merged, at: new Date(key) }]
  })
}

function groupOf(bar: Bar, minutes: number, calendar: Calendar): number | undefined {
  if (minutes >= dayMinutes) return dayGroup(dayIn(bar.at, calendar.timeZone), minutes)
  const session = calendar.sessionAt(bar.at)
  if (!session) return undefined
  const length = minutes * minuteMs
  const slot = Math.floor((bar.at.getTime() - session.open.getTime()) / length)
  return session.open.getTime() + slot * length
}

/** The group of days in which a moment lies that is not their first; undefined when a group begins there. */
function groupAt(from: Date, minutes: number, calendar: Calendar): number | undefined {
  const group = dayGroup(dayIn(from, calendar.timeZone), minutes)
  const before = calendar.lastSession(new Date(from.getTime() - 1))
  return dayGroup(before.day, minutes) === group ? group : undefined
}

/** The first of January 1970 was a Thursday, three days after a Monday. */
const mondayShift = 3

const dayGroup = (day: string, minutes: number) =>
  Math.floor((Date.parse(day) / dayMs + mondayShift) / (minutes / dayMinutes))

function endOfGroup(key: number, minutes: number, calendar: Calendar): Date {
  const session = calendar.sessionAt(new Date(key))!
  return new Date(Math.min(key + minutes * minuteMs, session.close.getTime()))
}
