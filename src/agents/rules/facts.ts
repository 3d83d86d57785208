import type { Big } from '../../base/amounts.ts'
import type { Side } from '../../trading/positions/rules/position.ts'

/** An order that an agent wants. */
export interface AgentOrder {
  symbol: string
  side: Side
  /** Units; a multiple of the lot. */
  quantity: Big
  /** The limit, or the expected fill price; dollars a unit, above zero. */
  price: Big
  /** The smallest step of a quantity. */
  lot: Big
  /** The stop that the position has from its first fill; dollars a unit. */
  stop?: Big
  /** It opens a position or adds to one; otherwise it exits. An order that reverses is an exit, and then an order that opens. */
  opens: boolean
}

/** An open position. */
export interface Held {
  symbol: string
  /** Negative when short. */
  signedQuantity: Big
  /** The price of now; dollars a unit. */
  mark: Big
  stop?: Big
}

/** A live order that opens or adds. */
export interface WorkingOrder {
  symbol: string
  side: Side
  /** Units that are not filled yet. */
  left: Big
  /** Its limit or expected price; dollars a unit. */
  price: Big
  stop?: Big
}

/** All that the checks read. An absent fact is one that nobody knows: what needs it counts as failed. */
export interface Facts {
  at: Date
  /** An owner has not yet resumed the agent after a halt. */
  isHalted: boolean
  /** The session of the symbol at this moment; absent while it is closed. */
  session?: { open: Date; close: Date } | 'always'
  /** Dollars: now, at the open of the day, and put in less taken out since then. */
  equity: Big
  openingEquity: Big
  flows: Big
  /** The highest equity since the agent began or an owner resumed it, in dollars. It is kept over restarts. */
  peak: Big
  positions: readonly Held[]
  working: readonly WorkingOrder[]
  /** The mean true range of 14 days by symbol; dollars a unit. */
  ranges: ReadonlyMap<string, Big>
  /** The sector by symbol. Symbols without one are a sector together. */
  sectors: ReadonlyMap<string, string>
  /** The returns of days (`2026-11-30` → 0.01) by symbol, as many as are known. */
  returns: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** The volatility of the symbol a year, now and in the median of its year, as shares. */
  volatility?: { now: number; median: number }
  /** Orders of today that opened or added, and seconds since the last one ever. */
  trades: { today: number; secondsSince?: number }
  /** The price that the order is decided on: its age in seconds, and a second source's where there is one. */
  quote: { ageSeconds: number; price: Big; second?: Big }
  /** Failures in a row of a service that trading needs. */
  failures: number
  /** The model that decides; absent for strategies without one. */
  model?: ModelFacts
}

/** The fitness of a model. */
export interface ModelFacts {
  /** Its card is past its day. */
  isExpired: boolean
  /** The share of its inputs further than five deviations from all that it met. */
  far: number
  /** Outcomes that do not overlap, and how many of them the 90% range held. */
  coverage: { held: number; of: number }
}
