import type { Big } from '../../base/amounts.ts'
import { percentText, priceText } from '../../base/format.ts'
import type { Protection, ProtectionKind, ProtectiveOrder } from './rows/protective-orders.ts'
import { distanceTo } from './rules/protection.ts'

const names: Record<ProtectionKind, string> = { stop: 'Stop', target: 'Target' }

/** What protected a position before a change and does not any more; undefined when nothing was lost. */
export function lostText(before: Protection, after: Protection): string | undefined {
  const lost = ordersIn(before).filter((order) => after[order.kind]?.id !== order.id)
  if (lost.length === 0) return undefined
  const what = lost.map((order) => `${order.kind} ${priceText(order.price)}`).join(' and ')
  return `⚠️ Not protected any more: ${what} ended with the old position.`
}

/** What protects a position, a line each: `Stop: $0.55 (1.96% away)`; none without protection. */
export function protectionLines(protection: Protection | undefined, price?: Big): string[] {
  return ordersIn(protection).map((order) => `${names[order.kind]}: ${levelNow(order, price)}`)
}

function levelNow(order: ProtectiveOrder, price: Big | undefined): string {
  return `${priceText(order.price)}${price ? ` (${awayText(order.price, price)})` : ''}${trailsText(order)}`
}

function trailsText({ trail }: ProtectiveOrder): string {
  return trail ? `, trails by ${percentText(trail.share).slice(1)}` : ''
}

const awayText = (level: Big, price: Big) => `${percentText(distanceTo(level, price)).slice(1)} away`

const ordersIn = (protection: Protection | undefined) =>
  [protection?.stop, protection?.target].filter((order) => order !== undefined)
