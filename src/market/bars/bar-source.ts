import type { Bar } from '../market.ts'

/** A provider's bars as it has them. `keptBars` fetches each of them once. */
export interface BarSource {
  /** The name of the series: `alpaca:iex`, `yahoo`. Another feed of a provider is another source. */
  name: string
  /** `split`: prices and volumes are in today's shares. */
  adjustment: string
  /** The lengths of bars that it has, in minutes, a day (1440) among them. Longer ones are made of these. */
  lengths: readonly number[]
  /** A bar is final this many milliseconds after its end: the trades that are reported late have come by then. */
  settleMs(minutes: number): number
  /** The earliest moment of which it has bars of a length. */
  earliest(minutes: number, now: Date): Date
  /**
   * The bars that begin in [from, to), in any order, also unfinished ones. Bars of a day begin at any time on it. Throws when the
   * provider does not answer.
   */
  fetch(symbol: string, minutes: number, from: Date, to: Date): Promise<Bar[]>
  /**
   * The moments since when the bars of a symbol may have another scale: a series that began before the last one is fetched anew.
   * Absent when only the bars themselves tell.
   */
  rescaled?(symbol: string): Promise<Date[]>
}
