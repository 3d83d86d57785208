import type { Urgency } from '../db/schema.ts'
import { typeName } from './text.ts'

/** Hours of the day in which only what is critical is told: `22:00` to `07:00` goes across midnight. */
export interface QuietHours {
  from: string
  until: string
  /** An IANA name such as `Europe/Berlin`. */
  timeZone: string
}

/** How loud a conversation is for an account. */
export interface Loudness {
  leastUrgency: Urgency
  isOff: boolean
  mutedUntil?: Date
  quiet?: QuietHours
  /** Types as `typeName` writes them. */
  mutedTypes: string[]
}

const rank: Record<Urgency, number> = { LOW: 0, MEDIUM: 1, HIGH: 2, CRITICAL: 3 }

/**
 * Is an event told here and now? `deaf`: nobody asked for it here. `muted`: somebody asked not to be told now. What is
 * critical is never muted. What is LOW waits for the digest.
 */
export function hearing(
  loudness: Loudness,
  event: { type: string; urgency: Urgency },
  at: Date,
): 'heard' | 'muted' | 'deaf' {
  const { urgency } = event
  if (urgency === 'LOW' || rank[urgency] < rank[loudness.leastUrgency]) return 'deaf'
  if (urgency === 'CRITICAL') return 'heard'
  if (loudness.isOff) return 'deaf'
  const isMuted = loudness.mutedTypes.includes(typeName(event.type)) || isSilent(loudness, at)
  return isMuted ? 'muted' : 'heard'
}

/** Is it muted or are these quiet hours? */
export function isSilent({ mutedUntil, quiet }: Pick<Loudness, 'mutedUntil' | 'quiet'>, at: Date): boolean {
  return (mutedUntil !== undefined && at < mutedUntil) || (quiet !== undefined && isWithin(quiet, at))
}

/** Does a moment lie in these hours, by the clocks of their time zone? The first minute is in, the last is not. */
export function isWithin({ from, until, timeZone }: QuietHours, at: Date): boolean {
  const format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone })
  const now = format.format(at)
  return from <= until ? from <= now && now < until : now >= from || now < until
}
