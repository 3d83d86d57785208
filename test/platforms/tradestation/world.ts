import { type Big, zero } from '../../../src/base/amounts.ts'
import type { Agenda } from '../../contracts/venues/difficult/agenda.ts'
import type { Ids } from '../broker/ids.ts'
import type { Phase } from '../broker/sessions.ts'
import type { Account } from './account.ts'
import type { Draws, Faults } from './faults.ts'
import type { Order } from './order.ts'

/** A share that can be traded. */
export interface Instrument {
  symbol: string
  description: string
  exchange: string
  /** Dollars between two prices. */
  increment: string
  isHardToBorrow: boolean
}

/** The price of a book, and the shares that are left there; absent: as many as anybody wants. */
export interface Level {
  price: Big
  size?: Big
  /** The market maker or exchange. */
  name: string
}

/** The market of a symbol, the best prices first; dollars a share. */
export interface Quote {
  bids: Level[]
  asks: Level[]
  /** The last trade. */
  last: Big
  at: Date
}

/** A user of the broker: one sign-in for accounts on both hosts. */
export interface User {
  name: string
  accounts: Account[]
}

/** All that the parts of the server share: its time, its market, its accounts. */
export interface World {
  agenda: Agenda
  ids: Ids
  faults: Faults
  draws: Draws
  /** The broker's time, skewed as a test likes it. */
  now(): Date
  phase(): Phase
  instruments: Map<string, Instrument>
  quotes: Map<string, Quote>
  /** The last price; zero before there is one. */
  price(symbol: string): Big
  halted: Set<string>
  accounts: Account[]
  /** Decimals of the average prices that orders and positions show. */
  averageDecimals: number
  /** A sale may be for no more than is held without the open sales, or than is held. */
  countsOpenExits: boolean
  nextOrderId(): string
  /** Tells the streams of an order. */
  tellOrder(order: Order): void
  /** Tells the streams of a position. */
  tellPosition(account: Account, symbol: string): void
}

/** The last price of a symbol in some quotes. */
export const lastIn =
  (quotes: World['quotes']): World['price'] =>
  (symbol) =>
    quotes.get(symbol)?.last ?? zero

/** A moment as the API writes it, without decimals. */
export const plain = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`
