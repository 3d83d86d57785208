/** Reads four digits as a clock time of a trading day, from 04:00 to 19:55: `1545`. People name full five minutes. */
export function clockOf(digits: string): string | undefined {
  const [, hour, minute] = /^(0[4-9]|1\d)([0-5][05])$/.exec(digits) ?? []
  return hour && minute && `${hour}:${minute}`
}

/** A clock time so many minutes earlier: `five minutes before 16:00`. */
export function earlier(clock: string, minutesBefore: number): string {
  const [hour = 0, minute = 0] = clock.split(':').map(Number)
  const sum = (hour * 60 + minute - minutesBefore + 1440) % 1440
  return joined(Math.floor(sum / 60), String(sum % 60))
}

/** A clock time without the dots of `p.m.`. */
export const undotted = (word: string) => word.replace(/(\d|^)([ap])\.m\.?$/, '$1$2m')

/** Converts a clock time to 24 hours; undefined when it is invalid. */
export function on24(hours: string, minute: string, half: string): string | undefined {
  const hour = Number(hours)
  if (Number(minute) > 59) return undefined
  if (half !== '') {
    if (hour < 1 || hour > 12) return undefined
    return joined((hour % 12) + (half === 'p' ? 12 : 0), minute)
  }
  if (hour > 23) return undefined
  const isAfternoon = hour >= 1 && hour <= 7 && !hours.startsWith('0')
  return joined(isAfternoon ? hour + 12 : hour, minute)
}

const joined = (hour: number, minute: string) => `${String(hour).padStart(2, '0')}:${minute.padStart(2, '0')}`
