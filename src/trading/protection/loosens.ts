import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import { marksOf } from '../../market/marks.ts'
import type { Parts } from '../parts.ts'
import type { Position } from '../positions/rows/positions.ts'
import { type ProtectiveOrder, protectionOf } from './rows/protective-orders.ts'
import { isTighter, priceAtReturn } from './rules/protection.ts'
import { reasonAgainst, type WantedLevel } from './wanted-level.ts'

/** A wanted stop that saves less than the one that follows the price: the member is asked first. Prices in dollars a unit. */
export interface Loosening {
  stop: ProtectiveOrder
  price: Big
}

/**
 * Does a wanted stop take the place of a tighter one that trails? A stop that is impossible at this price is refused here, so that
 * nobody is asked about it. Undefined when there is nothing to ask.
 */
export async function loosens(
  { db, market }: Pick<Parts, 'db' | 'market'>,
  position: Position,
  level: WantedLevel,
): Promise<Loosening | Refusal | undefined> {
  if (level.kind !== 'stop' || (level.at !== 'price' && level.at !== 'return')) return undefined
  const { stop } = await protectionOf(db, position.id)
  const price = level.at === 'price' ? level.price : priceAtReturn(position, level.share)
  if (!stop?.trail || isTighter(position.signedQuantity, price, stop.price)) return undefined
  const quote = await marksOf(market).quote(position.symbol)
  return (quote && reasonAgainst(position, level, quote)) ?? { stop, price }
}
