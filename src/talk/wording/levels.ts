import type { Big } from '../../base/amounts.ts'
import { percentText, priceText } from '../../base/format.ts'
import type { Position } from '../../trading/positions/rows/positions.ts'
import { unrealizedReturn } from '../../trading/positions/rules/position.ts'
import type { Protection, ProtectionKind, ProtectiveOrder } from '../../trading/protection/rows/protective-orders.ts'
import { distanceTo } from '../../trading/protection/rules/protection.ts'

/** The first word of a line about a level. */
export const levelNames: Record<ProtectionKind, string> = { stop: 'Stop', target: 'Target' }

/** The warning about levels that ended with a change of the position; undefined when there are none. */
export function lostText(before: Protection, after: Protection): string | undefined {
  const lost = ordersIn(before).filter((order) => after[order.kind]?.id !== order.id)
  if (lost.length === 0) return undefined
  const what = lost.map((order) => `${order.kind} ${priceText(order.price)}`).join(' and ')
  return `⚠️ Not protected any more: ${what} ended with the old position.`
}

/** The levels of a position, a line each: `Stop: $0.55 (1.96% away)`. */
export function protectionLines(protection: Protection | undefined, price?: Big): string[] {
  return ordersIn(protection).map((order) => `${levelNames[order.kind]}: ${levelNow(order, price)}`)
}

/** The levels of a position within a line: ` · stop $0.55 (1.96% away) · target $0.90 (60.43% away)`; empty without levels. */
export function protectionPhrase(protection: Protection | undefined, price?: Big): string {
  return ordersIn(protection)
    .map((order) => ` · ${order.kind} ${levelNow(order, price)}`)
    .join('')
}

/** A level with the position's return there: `Stop: $0.55 (-12.70%), trails by 4.00%`. */
export function levelLine(position: Position, order: ProtectiveOrder): string {
  const atLevel = percentText(unrealizedReturn(position, order.price))
  return `${levelNames[order.kind]}: ${priceText(order.price)} (${atLevel})${trailsText(order)}`
}

function levelNow(order: ProtectiveOrder, price: Big | undefined): string {
  return `${priceText(order.price)}${price ? ` (${awayText(order.price, price)})` : ''}${trailsText(order)}`
}

/** The trail of a stop, as the end of a line; empty for a fixed level. */
export function trailsText({ trail }: ProtectiveOrder): string {
  return trail ? `, trails by ${trail.dollars ? priceText(trail.dollars) : percentText(trail.share).slice(1)}` : ''
}

/** The distance of a level from the price, in percent. */
export const awayText = (level: Big, price: Big) => `${percentText(distanceTo(level, price)).slice(1)} away`

/** The existing levels: first the stop, then the target. */
export function ordersIn(protection: Protection | undefined): ProtectiveOrder[] {
  return [protection?.stop, protection?.target].filter((order) => order !== undefined)
}
