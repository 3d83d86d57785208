import type { Urgency } from '../../trading/events/rules/urgency.ts'
import { typeName } from './type-name.ts'

/** Hours of the day in which only CRITICAL events are told. `22:00` to `07:00` crosses midnight. */
export interface QuietHours {
  from: string
  until: string
  /** An IANA name such as `Europe/Berlin`. */
  timeZone: string
}

/** The mute settings of a conversation for an account. */
export interface Loudness {
  mutedUntil?: Date
  quiet?: QuietHours
  /** Event types, as `typeName` writes them. */
  mutedTypes: string[]
  /** Symbols, each with the time when its mute ends. */
  mutedSymbols: Record<string, Date>
}

/** A row of `alert_settings`; all columns are null when a left join finds none. */
interface SettingsRow {
  muted_until: Date | null
  quiet_from: string | null
  quiet_until: string | null
  time_zone: string | null
  muted_types: string[] | null
  muted_symbols: Record<string, string> | null
}

/** Converts the settings of a conversation into its loudness. Without settings nothing is muted. */
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

/** Is an event muted now? A CRITICAL event never is. */
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

/** Is the whole conversation muted, or in its quiet hours? */
export function isSilent({ mutedUntil, quiet }: Pick<Loudness, 'mutedUntil' | 'quiet'>, at: Date): boolean {
  return (mutedUntil !== undefined && at < mutedUntil) || (quiet !== undefined && isWithin(quiet, at))
}

/** Is a time within the quiet hours of their time zone? The first minute is included, the last is not. */
export function isWithin({ from, until, timeZone }: QuietHours, at: Date): boolean {
  const format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone })
  const now = format.format(at)
  return from <= until ? from <= now && now < until : now >= from || now < until
}
