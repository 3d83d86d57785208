import type { Big } from '../../base/amounts.ts'
import { percentText, priceText, quantityText } from '../../base/format.ts'
import type { Position } from '../../trading/positions/rows/positions.ts'
import { unrealizedReturn } from '../../trading/positions/rules/position.ts'
import type { HitLevel } from '../../trading/protection/rows/hit-levels.ts'
import type { PartLevel } from '../../trading/protection/rows/part-levels.ts'
import type { Protection, ProtectionKind, ProtectiveOrder } from '../../trading/protection/rows/protective-orders.ts'
import { distanceTo } from '../../trading/protection/rules/protection.ts'

/** The first word of a line about a level. */
export const levelNames: Record<ProtectionKind, string> = { stop: 'Stop', target: 'Target' }

/** The warning about levels that ended with a change of the position; undefined when there are none. */
export function lostText(before: Protection, after: Protection): string | undefined {
  const lost = ordersIn(before).filter((order) => after[order.kind]?.id !== order.id)
  const parts = (before.parts ?? []).filter(({ id }) => !after.parts?.some((one) => one.id === id))
  if (lost.length + parts.length === 0) return undefined
  const what = [...lost.map((order) => `${order.kind} ${priceText(order.price)}`), ...parts.map(partText)].join(' and ')
  return `⚠️ Not protected any more: ${what} ended with the old position.`
}

/** The levels of a position, a line each: `Stop: $0.55 (1.96% away)`. */
export function protectionLines(protection: Protection | undefined, price?: Big): string[] {
  return [
    ...levelsIn(protection).map((level) => `${nameOf(level)}: ${levelNow(level, price)}`),
    ...(protection?.hit ?? []).map((level) => `🚨 ${hitText(level)}`),
  ]
}

/** The levels of a position within a line: `stop $0.55 (1.96% away) · target $0.90 (60.43% away)`; empty without levels. */
export function protectionText(protection: Protection | undefined, price?: Big): string {
  const levels = levelsIn(protection).map(
    (level) => `${level.kind}${isPart(level) ? ` for ${quantityText(level.quantity)}` : ''} ${levelNow(level, price)}`,
  )
  return [...levels, ...(protection?.hit ?? []).map(hitText)].join(' · ')
}

/** A touched level whose close is not done: `stop $402.00 HIT, not sold yet`. */
export function hitText({ kind, price, quantity, isLong }: HitLevel): string {
  const part = quantity ? ` for ${quantityText(quantity)}` : ''
  return `${kind}${part} ${priceText(price)} HIT, not ${isLong ? 'sold' : 'bought back'} yet`
}

/** A level with the position's return there: `Stop: $0.55 (-12.70%), trails by 4.00%`. */
export function levelLine(position: Position, order: ProtectiveOrder | PartLevel): string {
  const atLevel = percentText(unrealizedReturn(position, order.price))
  return `${nameOf(order)}: ${priceText(order.price)} (${atLevel})${trailsText(order)}`
}

/** A level of a part: `target $0.75 for 500`. */
export function partText({ kind, price, quantity }: Pick<PartLevel, 'kind' | 'price' | 'quantity'>): string {
  return `${kind} ${priceText(price)} for ${quantityText(quantity)}`
}

/** The beginning of a line about a level: `Stop`, `Target for 500`. */
function nameOf(level: ProtectiveOrder | PartLevel): string {
  return isPart(level) ? `${levelNames[level.kind]} for ${quantityText(level.quantity)}` : levelNames[level.kind]
}

/** Does a level close only a part? */
export const isPart = (level: ProtectiveOrder | PartLevel): level is PartLevel => 'isPart' in level

/** All levels: stops before targets, and of each kind the parts before the level that closes everything. */
export function levelsIn(protection: Protection | undefined): (ProtectiveOrder | PartLevel)[] {
  return (['stop', 'target'] as const).flatMap((kind) => [
    ...(protection?.parts ?? []).filter((level) => level.kind === kind),
    ...(protection?.[kind] ? [protection[kind]] : []),
  ])
}

function levelNow(order: ProtectiveOrder | PartLevel, price: Big | undefined): string {
  return `${priceText(order.price)}${price ? ` (${awayText(order.price, price)})` : ''}${trailsText(order)}`
}

/** The trail of a stop, as the end of a line; empty for a fixed level. */
export function trailsText(level: ProtectiveOrder | PartLevel): string {
  const trail = isPart(level) ? undefined : level.trail
  return trail ? `, trails by ${trail.dollars ? priceText(trail.dollars) : percentText(trail.share).slice(1)}` : ''
}

/** The distance of a level from the price, in percent. */
export const awayText = (level: Big, price: Big) => `${percentText(distanceTo(level, price)).slice(1)} away`

/** The existing levels: first the stop, then the target. */
export function ordersIn(protection: Protection | undefined): ProtectiveOrder[] {
  return [protection?.stop, protection?.target].filter((order) => order !== undefined)
}
