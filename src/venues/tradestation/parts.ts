import type { Db } from '../../infra/db/client.ts'
import type { AtBroker } from '../broker-orders/sends.ts'
import type { RestClient, UrgentClient } from '../shared/rest-client.ts'
import type { OrderReference, OrderReport } from '../venue.ts'
import type { AccountFacts } from './account.ts'
import type { TsOrder } from './payloads.ts'

/** The parts of the venue that send, change and look. */
export interface TradeStationParts {
  db: Db
  client: UrgentClient
  now(): Date
  orderPatienceMs: number
  facts: AccountFacts
  at(account: string): AtBroker
  /** The report on an order of the desk, by the desk's id; undefined when TradeStation does not show it. */
  find(reference: OrderReference, by: RestClient): Promise<Found | undefined>
}

/** An order of the desk, as TradeStation shows it now. */
export interface Found {
  report: OrderReport
  /** TradeStation's orders that are this order. */
  orders: TsOrder[]
}
