import type { Big } from '../../../src/base/amounts.ts'
import type { Agenda } from '../../contracts/venues/difficult/agenda.ts'
import type { Ids } from '../broker/ids.ts'
import type { Account } from './account.ts'
import type { Draws, Faults } from './faults.ts'
import type { Order } from './order.ts'

/** A pair that can be traded. */
export interface Pair {
  /** `XXBTZUSD` */
  id: string
  /** `XBTUSD` */
  altname: string
  /** `XBT/USD` */
  wsname: string
  /** `XXBT` and `ZUSD`. */
  base: string
  quote: string
  /** Decimals of prices and of quantities. */
  priceDecimals: number
  lotDecimals: number
  /** The least quantity, and the least cost in the quote currency. */
  orderMin: string
  costMin: string
  status: 'online' | 'cancel_only' | 'post_only'
}

/** The price of a book, and the units that are left there; absent: as many as anybody wants. */
export interface Level {
  price: Big
  size?: Big
}

/** The market of a pair, the best prices first. */
export interface Quote {
  bids: Level[]
  asks: Level[]
  last: Big
}

/** All that the parts of the server share: its time, its market, its accounts. */
export interface World {
  agenda: Agenda
  ids: Ids
  faults: Faults
  draws: Draws
  now(): Date
  /** By id. */
  pairs: Map<string, Pair>
  quotes: Map<string, Quote>
  accounts: Account[]
  /** Tells the streams of an order; `trade`: what was just filled of it. */
  tell(order: Order, trade?: object): void
}

/** The pair of a name as clients write it: its id, altname or wsname. */
export const pairNamed = (world: World, name: string | undefined): Pair | undefined =>
  [...world.pairs.values()].find(({ id, altname, wsname }) => [id, altname, wsname].includes(name ?? ''))

/** Seconds since 1970 with decimals, as the API writes moments. */
export const secondsOf = (at: Date): number => at.getTime() / 1000
