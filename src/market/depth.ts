import type Big from 'big.js'

/** A price of a book, in dollars, and the units that are wanted or offered there. */
export interface DepthLevel {
  price: Big
  size: Big
}

/** The best levels of a symbol's book, the best price of each side first; a side may have fewer levels than asked for, or none. */
export interface Depth {
  symbol: string
  bids: DepthLevel[]
  asks: DepthLevel[]
  /** The moment at which the source showed it, in the clock's time. */
  at: Date
  /** The name of the source: `tradestation`. */
  source: string
}
