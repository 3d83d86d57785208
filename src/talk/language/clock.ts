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

/** A longer word is no time. */
const longestWord = 16

/** A word without the marks around it; empty when it is too long for a time. */
export function bare(word: string): string {
  if (word.length > longestWord) return ''
  if (isBare(word.charCodeAt(0)) && isBare(word.charCodeAt(word.length - 1))) return word
  return word.replace(/^[("'[]/, '').replace(/[)"'\]!?;:,.]{1,3}$/, '')
}

/** Is a character a letter, a digit, or `@`? */
const isBare = (code: number) => (code > 96 && code < 123) || (code > 47 && code < 58) || code === 64

/** The half of the day of a clock time, of the exchange's open and of its close. */
export const halfOf = (value: string) => (value.startsWith('open') || /^(0\d|10|11):/.test(value) ? 'am' : 'pm')
