import type Big from 'big.js'
import type { Side } from '../trading/positions/rules/position.ts'

/** An order, at the market or with a limit, as it is sent. */
export interface VenueOrder {
  /** The account that it is for, as the venue calls it. */
  account: string
  /** The desk's id for it at the venue; no other order of any database has it. */
  clientOrderId: string
  symbol: string
  side: Side
  /** Units, in the instrument's lot. */
  quantity: Big
  /** Dollars a unit: sold at this or more, bought at this or less. Left out: at the market. */
  limitPrice?: Big
  /** From then on the venue does not fill it any more. Only with a limit. */
  expiresAt?: Date
  /** The stop or target that was touched, in dollars a unit: recorded bars pass it between two prices. Real venues ignore it. */
  touchedLevel?: Big
}

/** One execution of an order: the whole of it, or a part. */
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
  /** The venue takes back the fill with this id (a bust): symbol, side, quantity and price are those of that fill. */
  reverses?: string
}

/** How an order stands at the venue. All but `working` are ends; a status that the desk does not know is `working`. */
export type VenueOrderState = 'working' | 'filled' | 'cancelled' | 'expired' | 'refused'

/** What the venue says of an order. */
export interface OrderReport {
  account: string
  clientOrderId: string
  /** The venue's own id; a replaced order may have a new one. */
  venueOrderId: string
  symbol: string
  side: Side
  /** As it was sent. */
  quantity: Big
  limitPrice?: Big
  state: VenueOrderState
  /** What was filled of it so far, by the venue's own count. */
  filledQuantity: Big
  /** The fills that the venue shows; late ones may be missing, and then their sum is less than `filledQuantity`. */
  fills: VenueFill[]
  /** Why it ended, in the venue's words. */
  words?: string
}

/** Why a venue does not take an order or a change of one. */
export type VenueRefusalCode =
  | 'NOT_TRADED'
  | 'BAD_QUANTITY'
  | 'BAD_PRICE'
  | 'NO_PRICE'
  | 'MARKET_CLOSED'
  | 'HALTED'
  | 'NOT_ENOUGH_MONEY'
  | 'NOT_ENOUGH_HELD'
  /** There is an order with this client id already: ask for it. */
  | 'DUPLICATE'
  | 'NO_SUCH_ORDER'
  | 'NOT_CHANGEABLE'
  | 'TOO_MANY_REQUESTS'
  | 'OTHER'

/** The venue took nothing, and says why. */
export interface VenueRefusal {
  outcome: 'refused'
  code: VenueRefusalCode
  words: string
}

/** Nobody knows what came of a call: ask with `find` before anything else. */
export interface NoAnswer {
  outcome: 'unknown'
  words: string
  /** The call may still reach the venue; else it is over, one way or another. */
  isPending?: boolean
  cause?: unknown
}

/** The answer to `submit`. Accepted says nothing of fills but for those in the report. */
export type Submitted = { outcome: 'accepted'; report: OrderReport } | VenueRefusal | NoAnswer
/** The answer to `cancel`: the wish is there and its end follows, or the order has ended, one way or another. */
export type Cancelled = { outcome: 'asked' } | { outcome: 'ended'; report: OrderReport } | VenueRefusal | NoAnswer
/** The answer to `replace`: done, or the wish is there and what comes of it follows. */
export type Replaced = { outcome: 'replaced'; report: OrderReport } | { outcome: 'asked' } | VenueRefusal | NoAnswer

/** Which order is meant. */
export interface OrderReference {
  account: string
  clientOrderId: string
  /** The newest one that the venue gave it, where it has given one. */
  venueOrderId?: string
}

/** What the venue holds for an account in a symbol; `signedQuantity` is negative when short. */
export interface VenuePosition {
  symbol: string
  signedQuantity: Big
}

/** Dollars in an account. */
export interface VenueBalance {
  cash: Big
}

/** News of an order. Events may be lost, doubled, late and in another order than they happened. */
export type OrderEvent = { kind: 'order'; report: OrderReport } | { kind: 'fill'; fill: VenueFill }

/** Hears of orders. */
export interface OrderListener {
  heard(event: OrderEvent): void
  /** The venue could not be heard for a moment. */
  failed(cause: unknown): void
}

/** What a venue can do, and what may be relied on. */
export interface VenueCapabilities {
  /** It takes one order for a client id, however often it is sent: an exit may be sent again. */
  refusesDuplicates: boolean
  /**
   * Milliseconds for which an order must be missing, once no call for it is on its way, before it is certain that it
   * never came. 0: what `find` does not show is not there.
   */
  lostAfterMs: number
  canReplace: boolean
  canShort: boolean
}

/**
 * Where orders go. `submit`, `cancel` and `replace` answer with what is known and do not throw; the others throw
 * `VenueError` when the venue does not answer: nothing is to be concluded then.
 */
export interface Venue {
  name: string
  capabilities: VenueCapabilities
  submit(order: VenueOrder): Promise<Submitted>
  /** How an order stands; undefined when the venue does not show it, which is no proof that it never comes. */
  find(order: OrderReference): Promise<OrderReport | undefined>
  /** Asks the venue to fill no more of an order. One that it does not know is refused with `NO_SUCH_ORDER`, and may come later. */
  cancel(order: OrderReference): Promise<Cancelled>
  /** Gives a working order another limit, in dollars a unit. */
  replace(order: OrderReference, limitPrice: Big): Promise<Replaced>
  /** Every order of an account that has no end yet. */
  openOrders(account: string): Promise<OrderReport[]>
  /** Fills of an account after a cursor (from the beginning without one), oldest first, and the cursor to go on from. */
  fills(account: string, cursor?: string): Promise<{ fills: VenueFill[]; cursor: string }>
  positions(account: string): Promise<VenuePosition[]>
  balance(account: string): Promise<VenueBalance>
  /** Calls back with news of orders of all accounts that it knows, until what it answers with is called. */
  subscribe(listener: OrderListener): () => void
}

/** The venue did not answer: nothing is known. */
export class VenueError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'VenueError'
  }
}
