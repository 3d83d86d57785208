import { Refusal } from '../../base/refusal.ts'
import { whenText } from '../../base/zone.ts'
import type { Db } from '../../infra/db/client.ts'
import { calendarOf, exchangeZone } from '../../market/calendar.ts'
import type { VenueHours } from '../../venues/venue.ts'
import { oncePer, type Parts } from '../parts.ts'
import { ask, isUnanswered } from './venue-call.ts'

/** The hours that a venue told count for this many milliseconds, and not beyond their next change. */
const freshMs = 15_000
/** The longest wait for the venue, in milliseconds; without an answer the exchange's calendar counts. */
const patienceMs = 1500
/** An order this many milliseconds before the open is not too early: it is at the venue when the venue opens. */
const almostOpenMs = 2000

/** The hours of a venue. `isAssumed`: it does not say them now, so they are those of the exchange's calendar. */
export type KnownHours = VenueHours & { isAssumed?: boolean }

interface Told {
  hours: VenueHours
  until: number
}

const told = oncePer(() => new Map<number, Told>())

/**
 * The hours of an account's venue while it is closed for a symbol; undefined while it is open, for a venue that trades whenever the
 * market has a price, and for a symbol that is traded around the clock.
 */
export async function closedNow(
  parts: Parts,
  { accountId, symbol }: { accountId: number; symbol: string },
): Promise<KnownHours | undefined> {
  if (accountId === 0 || calendarOf(symbol).isAlwaysOpen) return undefined
  const { venue } = await parts.venues.of(accountId)
  if (!venue.hours) return undefined
  const hours = await hoursOf(parts, accountId)
  const now = parts.clock.now().getTime()
  return hours.isOpen || hours.opensAt.getTime() - now <= almostOpenMs ? undefined : hours
}

/** The hours of an account's venue, closed or open; undefined for a venue without hours. */
export async function venueHours(parts: Parts, accountId: number): Promise<KnownHours | undefined> {
  if (accountId === 0) return undefined
  const { venue } = await parts.venues.of(accountId)
  return venue.hours && hoursOf(parts, accountId)
}

async function hoursOf(parts: Parts, accountId: number): Promise<KnownHours> {
  const known = told(parts)
  const now = parts.clock.now()
  const before = known.get(accountId)
  if (before && now.getTime() < before.until) return before.hours
  const { venue, account } = await parts.venues.of(accountId)
  const answer = await ask(() => venue.hours!(account), { withinMs: patienceMs })
  if (isUnanswered(answer)) {
    parts.log.warn(
      { account_id: accountId, err: answer.cause },
      'the venue did not tell its hours; the calendar counts',
    )
    return byCalendar(now)
  }
  const changesAt = (answer.isOpen ? answer.closesAt : answer.opensAt).getTime()
  known.set(accountId, { hours: answer, until: Math.min(now.getTime() + freshMs, Math.max(changesAt, now.getTime())) })
  return answer
}

function byCalendar(now: Date): KnownHours {
  const calendar = calendarOf('')
  const session = calendar.sessionAt(now)
  const next = calendar.nextSession(now)
  return { isOpen: session !== undefined, opensAt: next.open, closesAt: (session ?? next).close, isAssumed: true }
}

/** The refusal of an order at the market while the venue is closed; nobody was asked whether it should wait for the open. */
export async function refusedWhileClosed(
  parts: Parts,
  of: { accountId: number; symbol: string; memberId: number },
): Promise<Refusal | undefined> {
  const closed = await closedNow(parts, of)
  if (!closed) return undefined
  const words = closedWords(closed, parts.clock.now(), await zoneOf(parts.db, of.memberId))
  return new Refusal(
    closed.isAssumed ? 'VENUE_SILENT' : 'MARKET_CLOSED',
    `${words[0]!.toUpperCase()}${words.slice(1)}. Nothing was sent.`,
    closed.isAssumed
      ? 'Try again when it answers; in chat `… at open` waits here until then'
      : 'An order with a limit waits there; in chat `… at open` waits here until then',
  )
}

/** `the venue is closed, and opens at 3:30 PM CET`; of a venue that does not answer, that it does not, and the word of the calendar. */
export function closedWords(hours: Pick<KnownHours, 'opensAt' | 'isAssumed'>, now: Date, zone: string): string {
  const opens = opensText(hours, now, zone)
  return hours.isAssumed
    ? `the venue does not answer; by the exchange’s calendar it is closed, and opens ${opens}`
    : `the venue is closed, and opens ${opens}`
}

/** `on Mon Nov 23, 3:30 PM CET`, `at 3:30 PM CET` on the same day. */
export function opensText({ opensAt }: Pick<VenueHours, 'opensAt'>, now: Date, zone: string): string {
  const when = whenText(opensAt, now, zone)
  return /^[A-Z]/.test(when) ? `on ${when}` : `at ${when}`
}

/** The time zone of a member; the exchange's until they have said theirs. */
export async function zoneOf(db: Db, memberId: number): Promise<string> {
  const row = await db.selectFrom('members').select('time_zone').where('id', '=', memberId).executeTakeFirst()
  return row?.time_zone ?? exchangeZone
}
