import type { VenueRefusal } from '../venue.ts'
import { placedPayload } from './payloads.ts'
import { refusalIn } from './refusals.ts'

/** What an answer of 200 to a new order says. */
export interface PlacedAnswer {
  /** TradeStation's ids of the orders that it took. */
  taken: string[]
  /** Its ids of orders that it rejected. */
  rejected: string[]
  /** The first reason of a rejection. */
  refusal?: VenueRefusal
}

/**
 * Reads the answer to a new order or a group: a status of 200 proves nothing, since rejected orders come with one, too, in a list of their
 * own or among the others. Undefined when it cannot be read.
 */
export function placedIn(body: unknown): PlacedAnswer | undefined {
  const parsed = placedPayload.safeParse(body)
  if (!parsed.success) return undefined
  const { Orders, Errors } = parsed.data
  const faults = [...Errors, ...Orders.filter((order) => order.Error !== undefined)]
  const taken = Orders.flatMap((order) =>
    order.Error === undefined && order.OrderID !== undefined ? [order.OrderID] : [],
  )
  if (taken.length === 0 && faults.length === 0) return undefined
  return {
    taken,
    rejected: faults.flatMap((one) => one.OrderID ?? []),
    ...(faults[0] && { refusal: refusalIn(faults[0]) }),
  }
}
