import type Big from 'big.js'
import type { ProviderStatus } from '../base/provider-status.ts'
import type { Side } from '../trading/positions/rules/position.ts'

/** An order to send: at the market or with a limit, at once or when the price gets to a stop. */
export interface VenueOrder {
  /** The account of the order, by the venue's name for it. */
  account: string
  /** The desk's id for the order at the venue; it is unique among the orders of all databases. */
  clientOrderId: string
  symbol: string
  side: Side
  /** Units, in the instrument's lot. */
  quantity: Big
  /** Dollars a unit: sell at this price or more, buy at this price or less. Absent: at the market. */
  limitPrice?: Big
  /**
   * Dollars a unit: nothing is filled before the price was here or above (buy), or here or below (sell). Then it is an order at
   * the market, or one with its limit. Only where the venue can (`canStop`).
   */
  stopPrice?: Big
  /**
   * The venue fills nothing from this time on; where it has no such time, the desk's cancel ends the order. Only with a limit.
   */
  expiresAt?: Date
  /**
   * Dollars a unit: the venue sells (or buys back) at this price or better, or at the market once the price is at `stopPrice`, and
   * never both. Only with a stop and without a limit, and only where the venue can (`canProtect`). Its reports add up both halves.
   */
  targetPrice?: Big
  /** It takes from a position, so it passes before entries and looks when requests are scarce. */
  isExit?: boolean
  /** Also before and after the regular session. Only with a limit, and only where the venue can (`canExtend`). */
  isExtended?: boolean
  /**
   * The stop or target that was touched, in dollars a unit, for recorded bars, which may pass it between two prices. Real
   * venues ignore it.
   */
  touchedLevel?: Big
}

/** One execution of an order, whole or in part. */
export interface VenueFill {
  account: string
  /** Unique by venue and account. */
  venueFillId: string
  clientOrderId: string
  symbol: string
  side: Side
  quantity: Big
  /** Dollars a unit. */
  price: Big
  /** Dollars for the whole fill; positive is cost. */
  commission: Big
  filledAt: Date
  /** The id of the fill that the venue takes back (a bust): symbol, side, quantity and price are those of that fill. */
  reverses?: string
}

/**
 * The state of an order at the venue. Every state but `working` is final; a status that the desk does not know counts as
 * `working`.
 */
export type VenueOrderState = 'working' | 'filled' | 'cancelled' | 'expired' | 'refused'

/** A venue's report on an order. */
export interface OrderReport {
  account: string
  clientOrderId: string
  /** The venue's own id; a replaced order may get a new one. */
  venueOrderId: string
  symbol: string
  side: Side
  /** The quantity, limit and stop as sent. */
  quantity: Big
  limitPrice?: Big
  stopPrice?: Big
  state: VenueOrderState
  /** The quantity filled so far, as the venue counts it. */
  filledQuantity: Big
  /** The fills that the venue shows; late ones may be missing, and then their sum is less than `filledQuantity`. */
  fills: VenueFill[]
  /** It works for more than is left of it, as after a change that raced with a fill: it is to be taken back. */
  isOversized?: boolean
  /** The reason for its end, in the venue's words. */
  words?: string
}

/** The reason why a venue does not take an order, or a change of one. */
export type VenueRefusalCode =
  | 'NOT_TRADED'
  | 'BAD_QUANTITY'
  | 'BAD_PRICE'
  | 'NO_PRICE'
  | 'MARKET_CLOSED'
  | 'HALTED'
  | 'NOT_ENOUGH_MONEY'
  | 'NOT_ENOUGH_HELD'
  /** An order of the other side is open there, and the two could trade with each other. */
  | 'OPPOSITE_ORDER'
  /** An order with this client id exists already: ask for it. */
  | 'DUPLICATE'
  | 'NO_SUCH_ORDER'
  | 'NOT_CHANGEABLE'
  | 'TOO_MANY_REQUESTS'
  | 'OTHER'

/** The venue took nothing, and gives a reason. */
export interface VenueRefusal {
  outcome: 'refused'
  code: VenueRefusalCode
  words: string
}

/** The outcome of a call is unknown: ask with `find` before anything else. */
export interface NoAnswer {
  outcome: 'unknown'
  words: string
  /** The call may still reach the venue; otherwise it is over. */
  isPending?: boolean
  /** The call did not leave the desk: the venue has nothing of it. */
  isUnsent?: boolean
  cause?: unknown
}

/** The answer to `submit`. An accepted order has no fills yet beyond those in the report. */
export type Submitted = { outcome: 'accepted'; report: OrderReport } | VenueRefusal | NoAnswer
/** The answer to `cancel`: the request is accepted and the end follows, or the order has already ended. */
export type Cancelled = { outcome: 'asked' } | { outcome: 'ended'; report: OrderReport } | VenueRefusal | NoAnswer
/** The answer to `replace`: done, or the request is accepted and its result follows. */
export type Replaced = { outcome: 'replaced'; report: OrderReport } | { outcome: 'asked' } | VenueRefusal | NoAnswer

/** Identifies an order. */
export interface OrderReference {
  account: string
  clientOrderId: string
  /** The newest id from the venue, if it has given one. */
  venueOrderId?: string
}

/** The venue's position of an account in a symbol; `signedQuantity` is negative when short. */
export interface VenuePosition {
  symbol: string
  signedQuantity: Big
  /** The average entry price as the venue counts it, in dollars a unit, if it says so. */
  averagePrice?: Big
}

/** Dollars in an account. */
export interface VenueBalance {
  cash: Big
  /** Dollars that new orders may take, if the venue says so. */
  buyingPower?: Big
  /** Cash and the value of positions, if the venue says so. */
  equity?: Big
  /** The reason why the account may not trade now, in the venue's words. */
  blocked?: string
}

/** News of an order. Events may be lost, doubled, late and out of order. */
export type OrderEvent = { kind: 'order'; report: OrderReport } | { kind: 'fill'; fill: VenueFill }

/** A listener for news of orders. */
export interface OrderListener {
  heard(event: OrderEvent): void
  /** The connection for news failed for a moment: that of `account`, by the venue's name for it, where each has its own. */
  failed(cause: unknown, account?: string): void
  /** The connection that failed works again. Absent: nobody needs to know. */
  recovered?(account?: string): void
}

/** The abilities and guarantees of a venue. */
export interface VenueCapabilities {
  /** The venue takes one order for a client id, however often it is sent, so an exit may be sent again. */
  refusesDuplicates: boolean
  /**
   * Once no call for an order is under way, it must be missing for this many milliseconds before it is certain that it never
   * arrived. 0: an order that `find` does not show does not exist.
   */
  lostAfterMs: number
  canReplace: boolean
  /** The venue takes orders with a stop; absent: it does not. */
  canStop?: boolean
  /** The venue takes orders with a stop and a target, of which one ends the other; absent: it does not. */
  canProtect?: boolean
  /** The venue trades before and after the regular session; absent: it does not. */
  canExtend?: boolean
  canShort: boolean
  /** An order for a part of a unit rests until the close of its session, and no longer; absent: as long as any other. */
  endsPartsDaily?: boolean
  /**
   * The venue shows no id of the desk's: an order without an answer is found by its terms. So the desk opens nothing in a symbol while an
   * order of the account in it is without an answer; exits pass. Absent: orders are found by the desk's id.
   */
  findsByTerms?: boolean
  /**
   * Its accounts belong to members, by keys of their own; other orders than the desk's may stand there. Absent: the accounts are
   * the desk's own.
   */
  isLinked?: boolean
}

/** An instrument as a venue trades it now. */
export interface VenueInstrument {
  symbol: string
  isTraded: boolean
  /** It may be sold short now: the venue allows it, and shares can be borrowed. */
  canShort: boolean
  /** The step of quantities: 1, or a fraction where the venue trades fractions. */
  lot: Big
  /** The terms of orders for a part of a unit, where the lot allows one. Absent: those of whole units. */
  parts?: {
    /** They may be sold short. */
    canShort: boolean
    /** They trade before and after the regular session. */
    canExtend: boolean
    /** An order that opens or adds is worth so many dollars at least. */
    leastDollars: Big
  }
  /** The reason why it is not traded, in the venue's words. */
  words?: string
}

/** The hours of a venue: is it open, and when does that change? */
export interface VenueHours {
  isOpen: boolean
  opensAt: Date
  closesAt: Date
}

/**
 * Something that changes holdings at a venue without an order: `ratio` is new shares for one old share, `cash` is dollars (negative:
 * taken), `newSymbol` the symbol from then on.
 */
export interface VenueCorporateAction {
  /** Unique by venue and account. */
  id: string
  kind: 'split' | 'symbol' | 'dividend' | 'cash_in_lieu' | 'other'
  symbol: string
  /** Units that were added (negative: removed), if the venue says so. */
  quantity?: Big
  ratio?: Big
  cash?: Big
  newSymbol?: string
  at: Date
  words?: string
}

/**
 * The port to a venue. `submit`, `cancel` and `replace` return what is known and do not throw. The others throw `VenueError`
 * when the venue does not answer; then draw no conclusion.
 */
export interface Venue {
  name: string
  capabilities: VenueCapabilities
  submit(order: VenueOrder): Promise<Submitted>
  /** The state of an order; undefined when the venue does not show it, which does not prove that it never arrives. */
  find(order: OrderReference): Promise<OrderReport | undefined>
  /**
   * Asks the venue to fill no more of an order. An order that the venue does not know is refused with `NO_SUCH_ORDER`, and
   * may still arrive later.
   */
  cancel(order: OrderReference): Promise<Cancelled>
  /**
   * Changes the limit of a working order, in dollars a unit; of an order that has only a stop and was not triggered yet, the stop.
   */
  replace(order: OrderReference, price: Big): Promise<Replaced>
  /** Every order of an account that has not ended. */
  openOrders(account: string): Promise<OrderReport[]>
  /** The fills of an account after a cursor (from the beginning without one), oldest first, and the next cursor. */
  fills(account: string, cursor?: string): Promise<{ fills: VenueFill[]; cursor: string }>
  positions(account: string): Promise<VenuePosition[]>
  balance(account: string): Promise<VenueBalance>
  /** The instrument as this account may trade it now; undefined when the venue does not know it. Absent: the market knows. */
  instrument?(account: string, symbol: string): Promise<VenueInstrument | undefined>
  /** The venue's hours. Absent: it trades whenever the market has a price. */
  hours?(account: string): Promise<VenueHours>
  /** The account's orders since a time, ended ones included, oldest first, whoever sent them. Absent: nobody else sends any. */
  orders?(account: string, since: Date): Promise<OrderReport[]>
  /** Corporate actions of an account after a cursor, oldest first, and the next cursor. Absent: there are none. */
  corporateActions?(account: string, cursor?: string): Promise<{ actions: VenueCorporateAction[]; cursor: string }>
  /** The venue's connections and budgets, for `sources`. Absent: there is nothing to tell. */
  providers?(): ProviderStatus[]
  /**
   * For linked accounts: the process follows the news of exactly these accounts from now on (those that it has leased). Without a
   * call it follows none. Absent: `subscribe` hears all accounts.
   */
  follow?(accounts: string[]): void
  /** Calls back with news of the orders of all known accounts; returns a function that stops it. */
  subscribe(listener: OrderListener): () => void
}

/** The venue did not answer: nothing is known. */
export class VenueError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'VenueError'
  }
}
