/** A call of an option chain; prices in dollars a share. */
export interface CallQuote {
  strike: number
  /** The day on which it expires: `2028-01-21`. */
  expires: string
  bid: number
  ask: number
  openInterest: number
  /** Annual implied volatility (.25 is 25%), where the provider says it; else it is found from the middle of bid and ask. */
  impliedVolatility?: number
  /** Where the provider says it; else it follows from the volatility. */
  delta?: number
}

/** The calls on a symbol as of the day of its last bar, or of the next session while it goes on. */
export interface OptionChain {
  /** The name of the provider: `tradestation`. */
  source: string
  /** The price of the share when the chain was read, in dollars. */
  spot: number
  calls: readonly CallQuote[]
  /** Annual and continuous: .04 is 4%. */
  rate: number
  dividendYield: number
  /** Implied volatility of one kind over the last year, a value a day, oldest first; its last value is of today. */
  volatilities?: readonly number[]
}
