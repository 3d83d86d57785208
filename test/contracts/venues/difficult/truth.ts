import type { Big } from '../../../../src/base/amounts.ts'
import type { VenueFill, VenueOrder, VenueOrderState } from '../../../../src/venues/venue.ts'

/** The cause of a fill: the plan, or one of the difficulties. */
export type FillCause = 'planned' | 'raced a cancel' | 'late' | 'overfill' | 'bust'

/** A true fill. One with `reverses` takes another back. */
export type TrueFill = VenueFill & { cause: FillCause }

/** The true state of an order. */
export interface TrueOrder {
  account: string
  clientOrderId: string
  symbol: string
  side: VenueOrder['side']
  quantity: Big
  limitPrice?: Big
  state: VenueOrderState
  /** All its ids, the newest last. */
  venueOrderIds: string[]
  fills: TrueFill[]
}

/** The true book, whatever customers see. */
export interface Truth {
  /** Every accepted order, oldest first. */
  orders(): TrueOrder[]
  /** Every fill, oldest first, including busts. */
  fills(): TrueFill[]
  /** Net of all fills; negative when short. */
  net(account: string, symbol: string): Big
  /**
   * The number of times that an order with this client id was accepted: more than once only when duplicates are not refused.
   */
  timesTaken(clientOrderId: string): number
  /** Every order that arrived, accepted or not, as it was sent, oldest first; lost orders are not included. */
  arrived(): VenueOrder[]
}
