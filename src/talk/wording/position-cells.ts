import { averageText, quantityText } from '../../base/format.ts'
import type { Position } from '../../trading/positions/rows/positions.ts'
import { averageEntryPrice, directionOf } from '../../trading/positions/rules/position.ts'
import { type Cell, type Column, cell } from '../chat/columns.ts'

/** The first columns of a list of positions; their cells are the words of `positionText`. */
export const positionColumns: Column[] = [
  { head: 'Side' },
  { head: 'Quantity', isAmount: true },
  { head: 'Symbol' },
  { head: 'Entry', isAmount: true },
]

/** An open position: `LONG 3,750 BYND @ $0.63`. */
export function positionCells(position: Position): Cell[] {
  return [
    cell(directionOf(position.signedQuantity)),
    cell(quantityText(position.signedQuantity)),
    cell(position.symbol),
    cell(averageText(averageEntryPrice(position)), '@ '),
  ]
}
