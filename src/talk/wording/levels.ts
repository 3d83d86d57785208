import type { Big } from '../../base/amounts.ts'
import { percentText, priceText } from '../../base/format.ts'
import type { Position } from '../../trading/positions/rows/positions.ts'
import { unrealizedReturn } from '../../trading/positions/rules/position.ts'
import type { Protection, ProtectionKind, ProtectiveOrder } from '../../trading/protection/rows/protective-orders.ts'
import { distanceTo } from '../../trading/protection/rules/protection.ts'

/** How a line about a level begins. */
export const levelNames: Record<ProtectionKind, string> = { stop: 'Stop', target: 'Target' }

/** What protected a position before a change and does not any more; undefined when nothing was lost. */
export function lostText(before: Protection, after: Protection): string | undefined {
  const lost = ordersIn(before).filter((order) => after[order.kind]?.id !== order.id)
  if (lost.length === 0) return undefined
  const what = lost.map((order) => `${order.kind} ${priceText(order.price)}`).join(' and ')
  return `⚠️ Not protected any more: ${what} ended with the old position.`
}

/** What protects a position, a line each: `Stop: $0.55 (1.96% away)`; none without protection. */
export function protectionLines(protection: Protection | undefined, price?: Big): string[] {
  return ordersIn(protection).map((order) => `${levelNames[order.kind]}: ${levelNow(order, price)}`)
}

/** What protects a position, within a line: ` · stop $0.55 (1.96% away) · target $0.90 (60.43% away)`; empty without protection. */
export function protectionPhrase(protection: Protection | undefined, price?: Big): string {
  return ordersIn(protection)
    .map((order) => ` · ${order.kind} ${levelNow(order, price)}`)
    .join('')
}

/** A level and what the position returns there: `Stop: $0.55 (-12.70%), trails by 4.00%`. */
export function levelLine(position: Position, order: ProtectiveOrder): string {
  const atLevel = percentText(unrealizedReturn(position, order.price))
  return `${levelNames[order.kind]}: ${priceText(order.price)} (${atLevel})${trailsText(order)}`
}

function levelNow(order: ProtectiveOrder, price: Big | undefined): string {
  return `${priceText(order.price)}${price ? ` (${awayText(order.price, price)})` : ''}${trailsText(order)}`
}

/** How a stop follows the price, as the end of a line; empty of a level that stays. */
export function trailsText({ trail }: ProtectiveOrder): string {
  return trail ? `, trails by ${percentText(trail.share).slice(1)}` : ''
}

/** How far a level is from the price. */
export const awayText = (level: Big, price: Big) => `${percentText(distanceTo(level, price)).slice(1)} away`

/** The stop and the target that there are, in this order. */
export function ordersIn(protection: Protection | undefined): ProtectiveOrder[] {
  return [protection?.stop, protection?.target].filter((order) => order !== undefined)
}
