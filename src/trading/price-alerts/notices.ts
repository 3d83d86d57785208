import type { Big } from '../../base/amounts.ts'
import type { PriceAlert } from './rows/price-alerts.ts'

/** Notices about price alerts. */
export type PriceAlertNotice =
  /** The price got to the level; `price` is the one that did, in the symbol's currency a unit. `weak`: why it counts for little. */
  { kind: 'price_alert.reached'; alert: PriceAlert; price: Big; memberName: string; weak?: string }
