import type { Big } from '../../../../src/base/amounts.ts'
import type { VenueFill, VenueOrder, VenueOrderState } from '../../../../src/venues/venue.ts'

/** Why something was filled: as it was planned, or by one of the difficulties. */
export type FillCause = 'planned' | 'raced a cancel' | 'late' | 'overfill' | 'bust'

/** A fill as it really was. One with `reverses` takes another back. */
export type TrueFill = VenueFill & { cause: FillCause }

/** An order as it really stands. */
export interface TrueOrder {
  account: string
  clientOrderId: string
  symbol: string
  side: VenueOrder['side']
  quantity: Big
  limitPrice?: Big
  state: VenueOrderState
  /** All that it had, the newest last. */
  venueOrderIds: string[]
  fills: TrueFill[]
}

/** The book as it really is, whatever customers are told. */
export interface Truth {
  /** Every order that was ever taken, oldest first. */
  orders(): TrueOrder[]
  /** Every fill, oldest first, busts among them. */
  fills(): TrueFill[]
  /** Net of all fills; negative when short. */
  net(account: string, symbol: string): Big
  /** How often an order was taken for a client id: more than once only where duplicates are not refused. */
  timesTaken(clientOrderId: string): number
  /** Every order that arrived, taken or not, as it was sent, oldest first; what was lost on the way is not among them. */
  arrived(): VenueOrder[]
}
