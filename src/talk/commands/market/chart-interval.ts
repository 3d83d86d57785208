/** The length of a bar in whole minutes, and as text. */
export interface Interval {
  minutes: number
  /** `5m`, `1h`, `1d`. */
  text: string
}

const units = { m: 1, h: 60, d: 1440, w: 10_080 } as const

/** The offered lengths. Without a named length, the first one with bars is used, in this order. */
export const intervals = ['5m', '1m', '15m', '30m', '1h', '4h', '1d', '1w'] as const

/** The longest bar, in minutes. */
const longest = 10_080

const written = /^(\d{1,4})(m|h|d|w)[a-z]*$/
const spoken: Record<string, string> = { minute: '1m', hourly: '1h', daily: '1d', weekly: '1w' }
const unitWords = /^(minutes?|mins?|hours?|hrs?|days?|weeks?)$/

/** Reads an interval from a word; undefined for any other word, and for a length of zero or above the longest. */
export function intervalIn(word: string): Interval | undefined {
  const [, count, unit] = written.exec(spoken[word] ?? word) ?? []
  if (!count || !unit) return undefined
  const minutes = Number(count) * units[unit as keyof typeof units]
  return minutes >= 1 && minutes <= longest ? { minutes, text: textOf(minutes) } : undefined
}

/** The length in its largest whole unit: 60 minutes are `1h`. */
function textOf(minutes: number): string {
  const [unit, size] = Object.entries(units).findLast(([, each]) => minutes % each === 0)!
  return `${minutes / size}${unit}`
}

/** A number with a unit of time, whether or not the market has bars of that length. */
export const looksLikeLength = (word: string) =>
  /^\d+(s|secs?|m|mins?|h|hrs?|d|days?|w|weeks?|mo|months?|y|years?)$/.test(word)

const fillers = new Set('of for the a an my me please pls show with bars bar candles candle in on at'.split(' '))

/** Reads the words after `chart`: an interval, and all other words except padding. */
export function readChartWords(rest: string): { interval?: Interval; others: string[] } {
  const words = rest.toLowerCase().replaceAll(',', ' ').split(/\s+/).filter(Boolean)
  let interval: Interval | undefined
  const others: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', next = ''] = [words[at], words[at + 1]]
    // `5 minutes` is two words.
    const pair = /^\d+$/.test(word) && unitWords.test(next) ? intervalIn(word + next) : undefined
    const found = pair ?? intervalIn(word)
    if (pair) at += 1
    if (found) interval ??= found
    else if (!fillers.has(word)) others.push(word)
  }
  return { interval, others }
}
