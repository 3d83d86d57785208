import type { Certainty } from './symbols.ts'

/** What a text names, as it was understood: decimals in strings. Also what a flow has been told so far. */
export type Given = Record<string, string>

/** What the words after a command name. */
export interface Slots {
  /** symbol or symbols, quantity, fraction, price, speed, now, time, deadline, above, below, stop, target, member, role. */
  given: Given
  /** Words that nothing was made of; one of them may be a symbol that the market does not know. */
  leftover: string[]
  /** A percentage as it was typed: a share of a position for one command, a distance in price for another. */
  percent?: string
  /** That percentage stands behind `at` or `@`: it is no share of a position. */
  isAtPercent?: boolean
  /** How sure the symbol is one, when there is one. */
  certainty?: Certainty
  /** The number of an order or a task, as in `#4`. */
  number?: string
  /** A word was read as one that it is spelled like. */
  isSlip?: boolean
  /** A condition was named that is met when the limit price is. */
  waits?: boolean
  /** Something says that the quantity is how many: `500 shares`, `500 AMD`. */
  isSize?: boolean
  /** It says so in words: `500 shares`. */
  isCounted?: boolean
  /** The price is one only because it is the second number. */
  isSecond?: boolean
  /** A number may mean something else than it was read as. */
  isUnsure?: boolean
  /** `sell AMD above 120`: what that means depends on the command. */
  beyond?: { side: 'above' | 'below'; value: string; word: string }
  /** The number that stands behind `by`: `raise the stop by 5 cents` is no stop at them. */
  by?: string
  /** The number behind `to`: `trim AMD to 500` is no 500 of it. */
  to?: string
  /** A price has its unit behind it: `5 cents` may be how far, and not where. */
  isSpoken?: boolean
  /** A word that stands where a symbol does, and is none that is known; one in capitals rather than another; `isLed` by `of`, `on` or `in`. */
  strange?: { word: string; isCapital: boolean; isLed: boolean }
}

/** Reads a time or a deadline that begins at a word: what it is called in `Given`, its value, and how many words it takes. */
export type ReadsTime = (
  words: string[],
  at: number,
) => { name: 'time' | 'deadline'; value: string; used: number } | undefined
