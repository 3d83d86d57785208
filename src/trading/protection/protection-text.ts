import type { Big } from '../../base/amounts.ts'
import { percentText, priceText } from '../../base/format.ts'
import type { Position } from '../positions/rows/positions.ts'
import { positionText } from '../positions/rules/describe.ts'
import { unrealizedReturn } from '../positions/rules/position.ts'
import type { Protected } from './protect.ts'
import type { Protection, ProtectionKind, ProtectiveOrder } from './rows/protective-orders.ts'
import { distanceTo } from './rules/protection.ts'

const names: Record<ProtectionKind, string> = { stop: 'Stop', target: 'Target' }

/** A bracket was set: both levels, each with what the position returns there. */
export function bracketText({ position, protection }: Protected): string {
  return ['🎯 BRACKET ORDER SET', ...ordersIn(protection).map((order) => levelLine(position, order))].join('\n')
}

/** A stop or a target was set: the level, where the price is, and what else there is. */
export function levelText({ position, quote, protection, before }: Protected, kind: ProtectionKind): string {
  const order = protection[kind]!
  const was = before[kind]
  const partner = protection[kind === 'stop' ? 'target' : 'stop']
  return [
    `${kind === 'stop' ? '🛑 STOP SET' : '🎯 TARGET SET'} — ${positionText(position)}`,
    levelLine(position, order),
    `Current: ${priceText(quote.last)}, ${awayText(order.price, quote.last)}`,
    ...(was ? [`Before: ${priceText(was.price)}${trailsText(was)}`] : []),
    ...(partner ? [`${levelLine(position, partner)}; one cancels the other`] : []),
  ].join('\n')
}

/** A stop, a target or both were taken away. */
export function takenAwayText(position: Position, ended: ProtectiveOrder[]): string {
  const what = ended.map(({ kind, price }) => `${names[kind]} ${priceText(price)}`).join(' and ')
  return `✓ ${what} of ${positionText(position)} ${ended.length > 1 ? 'are' : 'is'} off.`
}

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

/** What protects a position, within a line: ` · stop $0.55 (1.96% away) · target $0.90 (60.43% away)`; empty without protection. */
export function protectionPhrase(protection: Protection | undefined, price?: Big): string {
  return ordersIn(protection)
    .map((order) => ` · ${order.kind} ${levelNow(order, price)}`)
    .join('')
}

function levelLine(position: Position, order: ProtectiveOrder): string {
  const atLevel = percentText(unrealizedReturn(position, order.price))
  return `${names[order.kind]}: ${priceText(order.price)} (${atLevel})${trailsText(order)}`
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
