/** The costs of a run. Shares are of one: .001 is ten basis points. */
export interface Costs {
  /** Of the value of each fill. */
  commission: number
  /** Dollars a fill. */
  perFill: number
  /** Half of the distance between bid and ask, against whoever trades at the market; a limit or a touched level has its own price. */
  halfSpread: number
  /** Beyond bid, ask or level, against whoever trades; a limit is never passed. */
  slippage: number
  /** A year's interest on the value of borrowed shares, by days of the calendar. */
  borrow: number
}

/** Nothing costs anything. */
export const free: Costs = { commission: 0, perFill: 0, halfSpread: 0, slippage: 0, borrow: 0 }

/** Days of the calendar by which a year's interest is divided. */
export const interestDays = 365
