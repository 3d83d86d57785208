import { zone } from '../state/session.ts'

const made = new Map<string, Intl.DateTimeFormat>()

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone.value} ${JSON.stringify(options)}`
  let one = made.get(key)
  if (!one) {
    one = new Intl.DateTimeFormat('en-US', { timeZone: zone.value, hourCycle: 'h23', ...options })
    made.set(key, one)
  }
  return one
}

/** `09:41:05` in the member's zone. */
export const time = (at: string | number): string =>
  format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(at))

/** `09:41` in the member's zone. */
export const minute = (at: string | number): string =>
  format({ hour: '2-digit', minute: '2-digit' }).format(new Date(at))

/** `Nov 30` in the member's zone. */
export const day = (at: string | number): string => format({ month: 'short', day: 'numeric' }).format(new Date(at))

/** `Nov 30, 09:41` in the member's zone. */
export const moment = (at: string | number): string =>
  format({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }).format(new Date(at))

/** `Nov 30, 09:41:05 EST`: for titles and tables. */
export const whole = (at: string | number): string =>
  format({
    ...{ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    timeZoneName: 'short',
  }).format(new Date(at))

/** `45 s`, `12 min`, `3 h 5 min`. */
export function span(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** The difference between this machine's clock and the desk's is small; `in 3 min`, `12 s ago`. */
export function away(at: string | number, now: number): string {
  const seconds = (new Date(at).getTime() - now) / 1000
  return seconds >= 0 ? `in ${span(seconds)}` : `${span(-seconds)} ago`
}
