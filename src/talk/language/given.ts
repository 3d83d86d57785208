import type { Certainty } from './symbols.ts'

/** The slot values of a text, or the answers of a flow so far. Numbers are decimal strings. */
export type Given = Record<string, string>

/** The slots in the words of a command. */
export interface Slots {
  /**
   * Keys: symbol or symbols, quantity, fraction, leave, price, dollars, speed, length, chunks, floor, cap, now, how, type, time,
   * deadline, above, below, reach, stop, target, stopLoss, takeProfit, member, role.
   */
  given: Given
  /** Words that were not understood. One of them may be an unknown symbol. */
  leftover: string[]
  /** A percentage as typed. Some commands use it as a share of a position, others as a price distance. */
  percent?: string
  /** The percentage stands behind `at` or `@`, so it is no share of a position. */
  isAtPercent?: boolean
  /** The certainty of the symbol, if there is one. */
  certainty?: Certainty
  /** The number of an order or a task, as in `#4`. */
  number?: string
  /** The number behind `order`. */
  order?: string
  /** A misspelled word was corrected. */
  isSlip?: boolean
  /** A condition was named that means the limit price. */
  waits?: boolean
  /** The text marks the quantity as a size: `500 shares`, `500 AMD`. */
  isSize?: boolean
  /** The size has its unit in words: `500 shares`. */
  isCounted?: boolean
  /** The size has a dot before three digits and a unit, so it is in thousands for what trades in whole units: `1.200 pieces`. */
  thousands?: string
  /** The size stands behind the price. */
  isAfter?: boolean
  /** The price has no mark; it is only the second number. */
  isSecond?: boolean
  /** A number may have another meaning than the one that was read. */
  isUnsure?: boolean
  /** A side of a price, as in `sell AMD above 120`. Its meaning depends on the command. */
  beyond?: { side: 'above' | 'below'; value: string; word: string }
  /** The number behind `by`. `raise the stop by 5 cents` does not mean a stop at 5 cents. */
  by?: string
  /** The words name an order that waits at its stop: `buy stop 121 amd`, `stop limit 240 239`. */
  isStopOrder?: boolean
  /** The price stands behind `at` in four digits, so it may be a clock time: `at 1545`. */
  clock?: string
  /** The price is called a limit. */
  isLimit?: boolean
  /** The word before the price says that it was paid, as in `long 200 AMD from 118`. */
  paid?: string
  /** The number, percentage or fraction behind `to`. `trim AMD to 500` does not mean a trim of 500. */
  to?: string
  /** The price is perhaps a sum to trade for: `buy bynd for 500`. */
  sum?: string
  /** What the sum stands behind, or before. */
  sumAt?: 'for' | 'with' | 'symbol' | 'alone'
  /** A level or a number stands behind `and` or `then`, as in `sell 5 and stop 200`: the words of the level, or the number. */
  joined?: { level?: string; number?: string }
  /** A level stands behind a comma. */
  isApart?: boolean
  /** Two levels in one word, as in `bracket 2.10/2.65`. */
  pair?: [string, string]
  /** A price has its unit in words: `5 cents` may be a distance and not a level. */
  isSpoken?: boolean
  /** An unknown word in the place of a symbol; a word in capitals is preferred. `isLed`: `of`, `on` or `in` stands before it. */
  strange?: { word: string; isCapital: boolean; isLed: boolean }
}

/** Reads a time or deadline that begins at a word. Returns its slot name, its value, its number of words, and whether it may be none. */
export type ReadsTime = (
  words: string[],
  at: number,
) => { name: 'time' | 'deadline'; value: string; used: number; isUnsure?: boolean } | undefined

/** Has the command two amounts, or both a market and a limit price? Such a command is refused. */
export function contradicts({ quantity, fraction, dollars, leave, now, price, how }: Given): boolean {
  const amounts = [quantity, fraction, dollars, leave].filter((one) => one !== undefined)
  return amounts.length > 1 || (now !== undefined && (price ?? how) !== undefined)
}
