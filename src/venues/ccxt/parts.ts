import type { Db } from '../../infra/db/client.ts'
import type { AtBroker } from '../broker-orders/sends.ts'
import type { OrderReference, OrderReport } from '../venue.ts'
import type { CcxtClient } from './client.ts'
import type { Quirks } from './quirks.ts'

/** The parts of the venue that send, change and look. */
export interface CcxtParts {
  db: Db
  client: CcxtClient
  quirks: Quirks
  /** The exchange's name for people. */
  title: string
  now(): Date
  /** The exchange's own time, as far as its answers tell it. */
  exchangeTime(): Date
  orderPatienceMs: number
  at(account: string): AtBroker
  /** The report on an order, by the desk's id; undefined when the exchange does not show it. `isUrgent`: a cancel waits for it. */
  find(reference: OrderReference, isUrgent?: boolean): Promise<OrderReport | undefined>
}
