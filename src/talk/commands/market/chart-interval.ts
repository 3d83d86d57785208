/** The length of a bar: whole minutes, and how it is written. */
export interface Interval {
  minutes: number
  /** `5m`, `1h`, `1d`. */
  text: string
}

const units = { m: 1, h: 60, d: 1440, w: 10_080 } as const

/** Lengths that are offered, and looked for in this order where none is asked for. */
export const intervals = ['5m', '1m', '15m', '30m', '1h', '4h', '1d', '1w'] as const

/** Nobody needs longer bars than this, in minutes. */
const longest = 10_080

const written = /^(\d{1,4})(m|h|d|w)[a-z]*$/
const spoken: Record<string, string> = { minute: '1m', hourly: '1h', daily: '1d', weekly: '1w' }
const unitWords = /^(minutes?|mins?|hours?|hrs?|days?|weeks?)$/

/** An interval as a word; undefined for anything else, and for what is too long or nothing. */
export function intervalIn(word: string): Interval | undefined {
  const [, count, unit] = written.exec(spoken[word] ?? word) ?? []
  if (!count || !unit) return undefined
  const minutes = Number(count) * units[unit as keyof typeof units]
  return minutes >= 1 && minutes <= longest ? { minutes, text: textOf(minutes) } : undefined
}

/** The largest unit that it is a whole number of: 60 minutes are `1h`. */
function textOf(minutes: number): string {
  const [unit, size] = Object.entries(units).findLast(([, each]) => minutes % each === 0)!
  return `${minutes / size}${unit}`
}

/** A number and a unit of time, which is a length that there is not when it is none of ours. */
export const looksLikeLength = (word: string) =>
  /^\d+(s|secs?|m|mins?|h|hrs?|d|days?|w|weeks?|mo|months?|y|years?)$/.test(word)

const fillers = new Set('of for the a an my me please pls show with bars bar candles candle in on at'.split(' '))

/** What the words after `chart` name: an interval, and words that are neither that nor padding. */
export function readChartWords(rest: string): { interval?: Interval; others: string[] } {
  const words = rest.toLowerCase().replaceAll(',', ' ').split(/\s+/).filter(Boolean)
  let interval: Interval | undefined
  const others: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', next = ''] = [words[at], words[at + 1]]
    // `5 minutes` in two words.
    const pair = /^\d+$/.test(word) && unitWords.test(next) ? intervalIn(word + next) : undefined
    const found = pair ?? intervalIn(word)
    if (pair) at += 1
    if (found) interval ??= found
    else if (!fillers.has(word)) others.push(word)
  }
  return { interval, others }
}
