import type { Big } from '../../../base/amounts.ts'
import { averageText, quantityText } from '../../../base/format.ts'
import { averageEntryPrice, directionOf } from './position.ts'

/** What the words of a position need. */
export interface Held {
  symbol: string
  signedQuantity: Big
  openCost: Big
}

/** A position in words: `LONG 3,750 BYND @ $0.63`, or `FLAT`. */
export function positionText(position: Held): string {
  if (position.signedQuantity.eq(0)) return 'FLAT'
  const quantity = quantityText(position.signedQuantity)
  return `${directionOf(position.signedQuantity)} ${quantity} ${position.symbol} @ ${averageText(averageEntryPrice(position))}`
}
