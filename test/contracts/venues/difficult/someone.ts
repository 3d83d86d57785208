import { Big } from '../../../../src/base/amounts.ts'
import type { OrderEvent, OrderReference, VenueOrder } from '../../../../src/venues/venue.ts'
import { handAgenda } from './agenda.ts'
import { createDifficultVenue, type DifficultVenue, type DifficultVenueOptions } from './venue.ts'

/** An order of the account `one` to buy 100 BYND by default. */
export function buying(clientOrderId: string, wanted: Partial<VenueOrder> = {}): VenueOrder {
  return { account: 'one', clientOrderId, symbol: 'BYND', side: 'buy', quantity: new Big(100), ...wanted }
}

/** The same with a limit, in dollars. */
export function limited(clientOrderId: string, limit: string, wanted: Partial<VenueOrder> = {}): VenueOrder {
  return buying(clientOrderId, { limitPrice: new Big(limit), ...wanted })
}

export const the = (clientOrderId: string): OrderReference => ({ account: 'one', clientOrderId })

/** A difficult venue in hand time, with BYND and AAPL at $1.00 bid and $1.01 ask, and the list of all its events. */
export function openDifficult(options: Partial<DifficultVenueOptions> = {}) {
  const agenda = handAgenda()
  const venue: DifficultVenue = createDifficultVenue({ seed: 1, agenda, ...options })
  for (const symbol of ['BYND', 'AAPL']) venue.setPrice(symbol, '1.00', '1.01')
  const events: OrderEvent[] = []
  const failures: unknown[] = []
  venue.subscribe({ heard: (event) => events.push(event), failed: (cause) => failures.push(cause) })
  return { venue, agenda, events, failures }
}

/** The quantities of fills; busts are negative. */
export function quantities(fills: { quantity: Big; reverses?: string }[]): string[] {
  return fills.map(({ quantity, reverses }) => (reverses ? quantity.neg() : quantity).toFixed())
}
