import type { Urgency } from '../../trading/events/rules/urgency.ts'
import { typeName } from './type-name.ts'

/** Hours of the day in which only what is critical is told: `22:00` to `07:00` goes across midnight. */
export interface QuietHours {
  from: string
  until: string
  /** An IANA name such as `Europe/Berlin`. */
  timeZone: string
}

/** How loud a conversation is for an account. */
export interface Loudness {
  mutedUntil?: Date
  quiet?: QuietHours
  /** Types as `typeName` writes them. */
  mutedTypes: string[]
  /** Symbols, each with the moment until when. */
  mutedSymbols: Record<string, Date>
}

/** A row of `alert_settings`, or nothing where there is none. */
interface SettingsRow {
  muted_until: Date | null
  quiet_from: string | null
  quiet_until: string | null
  time_zone: string | null
  muted_types: string[] | null
  muted_symbols: Record<string, string> | null
}

/** The settings of a conversation as its loudness; without any it is as loud as can be. */
export function loudnessOf(row?: SettingsRow): Loudness {
  const { muted_until, quiet_from, quiet_until, time_zone, muted_types, muted_symbols } = row ?? {}
  return {
    mutedUntil: muted_until ?? undefined,
    quiet:
      quiet_from && quiet_until && time_zone
        ? { from: quiet_from.slice(0, 5), until: quiet_until.slice(0, 5), timeZone: time_zone }
        : undefined,
    mutedTypes: muted_types ?? [],
    mutedSymbols: Object.fromEntries(
      Object.entries(muted_symbols ?? {}).map(([symbol, until]) => [symbol, new Date(until)]),
    ),
  }
}

/** Did somebody ask not to be told of this now? What is critical is never muted. */
export function isMuted(
  loudness: Loudness,
  event: { type: string; urgency: Urgency; symbol?: string },
  at: Date,
): boolean {
  if (event.urgency === 'CRITICAL') return false
  const { mutedTypes, mutedSymbols } = loudness
  const until = event.symbol === undefined ? undefined : mutedSymbols[event.symbol]
  return mutedTypes.includes(typeName(event.type)) || (until !== undefined && at < until) || isSilent(loudness, at)
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
