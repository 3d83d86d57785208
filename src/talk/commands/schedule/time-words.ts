const minuteMs = 60_000

/** A day in words: `tomorrow`, `monday`. */
export type DayWord = string

/** A time in words; see src/talk/language/time.ts. */
export type Time =
  /** A moment that a question has shown. */
  | { kind: 'kept'; at: Date }
  /** A day without a time. */
  | { kind: 'day'; day: DayWord }
  | { kind: 'ahead'; ms: number }
  /** This many minutes after the exchange's open or close. */
  | { kind: 'bell'; bell: 'open' | 'close'; minutes: number; day?: DayWord }
  /** A time in a zone; without a zone, in the member's own. */
  | { kind: 'clock'; clock: string; zone?: string; day?: DayWord }

/** Reads the words of a time: `15:55`, `tomorrow close`, `+20m`, or `@` with a stored moment. */
export function timeFrom(said: string): Time {
  const kept = /^@(.+)$/.exec(said)
  if (kept) return { kind: 'kept', at: new Date(kept[1]!) }
  const [, day, what = ''] = /^(?:(tomorrow|[a-z]+day)(?: |$))?(.*)$/.exec(said) ?? []
  if (what === '') return { kind: 'day', day: said }
  const ahead = /^\+(\d+)([ms])$/.exec(what)
  if (ahead) return { kind: 'ahead', ms: Number(ahead[1]) * (ahead[2] === 's' ? 1000 : minuteMs) }
  const bell = /^(open|close)(?:([+-]\d+)m)?$/.exec(what)
  if (bell) return { kind: 'bell', bell: bell[1] as 'open' | 'close', minutes: Number(bell[2] ?? 0), day }
  const [clock = '', zone] = what.split(' ')
  return { kind: 'clock', clock, zone, day }
}

/** A moment as words that a question can store. The answer then means the shown moment, however late it comes. */
export function keptMoment(at: Date): string {
  return `@${at.toISOString()}`
}
