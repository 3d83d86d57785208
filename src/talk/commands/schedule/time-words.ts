const minuteMs = 60_000

/** A day in words: `tomorrow`, `monday`. */
export type DayWord = string

/** A time that was said; see src/talk/language/time.ts for the words. */
export type Time =
  /** A moment that a question has shown. */
  | { kind: 'kept'; at: Date }
  /** A day, and no time of it. */
  | { kind: 'day'; day: DayWord }
  | { kind: 'ahead'; ms: number }
  /** So many minutes after the exchange's open or close. */
  | { kind: 'bell'; bell: 'open' | 'close'; minutes: number; day?: DayWord }
  /** By the clocks of a zone; the member's own when none was named. */
  | { kind: 'clock'; clock: string; zone?: string; day?: DayWord }

/** Reads the words of a time: `15:55`, `tomorrow close`, `+20m`, or `@` and a moment that was kept. */
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

/** A moment as the words of a time, kept with a question: the answer is about the moment that was shown, whenever it comes. */
export function keptMoment(at: Date): string {
  return `@${at.toISOString()}`
}
