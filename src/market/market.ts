import type Big from 'big.js'

/** What can be traded, and in which steps. */
export interface Instrument {
  symbol: string
  name: string
  /** Smallest quantity, and the step of quantities: `1` for shares. */
  lot: Big
  /** Smallest step of a price, in dollars. */
  tick: Big
  /** This market trades it around the clock, whatever it is called: its session is a day of UTC. */
  isAroundTheClock?: boolean
  /** Recorded bars, played one after the other: there are no hours in which they do not play. */
  isReplayed?: boolean
}

/** A price of a recorded bar, in dollars, and the moment from which it stands, in the clock's time. */
export interface PathPoint {
  at: Date
  price: Big
}

/** Best bid and ask and last price in dollars, as of a time. */
export interface Quote {
  symbol: string
  bid: Big
  ask: Big
  last: Big
  /** When the source last stood behind these prices, in the clock's time. */
  at: Date
  /** Where it came from: `sim`, `quotes:prices.csv`, … */
  source: string
  /** Bid and ask are assumed around the last price: they do not confirm it. */
  isAssumed?: boolean
  /** Why nothing is traded on this quote (too old, source unreadable); absent when it is fresh. */
  stale?: string
  /** On recorded bars: the prices of the bar so far, from its open to `last`. Everything between two of them was traded on the way. */
  path?: PathPoint[]
}

/**
 * Open, high, low, close in dollars and volume in units over an interval that begins at `at`, in the clock's time:
 * with a time scale of 60, bars of a minute begin a second apart.
 */
export interface Bar {
  at: Date
  /** When it was at the exchange, where that is another time than the clock's: in a recording, or a simulation that runs faster. */
  tradedAt?: Date
  open: Big
  high: Big
  low: Big
  close: Big
  volume: Big
}

/** Where prices come from. Symbols are understood in any case of letters, and answered in capitals. */
export interface Market {
  /** `sim`, `quotes:prices.csv`, `replay:minute`. */
  name: string
  instruments(): Instrument[]
  instrument(symbol: string): Instrument | undefined
  /** The current quote, stale ones marked; undefined where the market does not know the symbol or has no price yet. */
  quote(symbol: string): Promise<Quote | undefined>
  /**
   * The last `count` finished bars of `minutes` (whole, from 1) each, oldest first; fewer where there are no more, none
   * where the market has no bars of that length (a file of quotes has none at all). Throws `RangeError` on a fraction.
   */
  bars(symbol: string, minutes: number, count: number): Promise<Bar[]>
  /** Calls back with every new quote of every symbol, and answers with the way to stop. */
  subscribe(onQuote: (quote: Quote) => void): () => void
  close(): Promise<void>
}
