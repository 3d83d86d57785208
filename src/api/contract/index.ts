import { accessRows } from './access.ts'
import { accountRows } from './accounts.ts'
import { alertRows } from './alerts.ts'
import { backtestRows } from './backtests.ts'
import { eventRows } from './events.ts'
import { guardianRows } from './guardian.ts'
import { healthRows } from './health.ts'
import { inferenceRows } from './inference.ts'
import { marketRows } from './market.ts'
import { orderRows } from './orders.ts'
import { positionRows } from './positions.ts'
import { providerRows } from './providers.ts'
import { sayRows } from './say.ts'
import { scaleoutRows } from './scaleouts.ts'
import { sentimentRows } from './sentiment.ts'
import { strategyRows } from './strategies.ts'
import { strategyListRows } from './strategy-lists.ts'
import { taskRows } from './tasks.ts'

/**
 * All routes of the API by name: the contract with programs and with the page, and the source of the OpenAPI document. The page
 * imports types from here and nothing else.
 */
export const contract = {
  ...accessRows,
  ...accountRows,
  ...positionRows,
  ...orderRows,
  ...scaleoutRows,
  ...taskRows,
  ...eventRows,
  ...alertRows,
  ...guardianRows,
  ...marketRows,
  ...inferenceRows,
  ...providerRows,
  ...healthRows,
  ...sayRows,
  ...sentimentRows,
  ...strategyRows,
  ...strategyListRows,
  ...backtestRows,
}

export type Contract = typeof contract
export type RouteName = keyof Contract
