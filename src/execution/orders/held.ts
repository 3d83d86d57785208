import type { Refusal } from '../../chat/refusal.ts'
import type { Trx } from '../../db/client.ts'
import { availableQuantity, type Position } from '../../ledger/positions.ts'
import { restingExits } from '../../ledger/working-orders.ts'
import { heldRefusal } from './order-text.ts'

/** More is wanted of a locked position than is free: says which orders hold the rest. */
export async function heldBy(trx: Trx, position: Position): Promise<Refusal> {
  const holding = await restingExits(trx, position.id)
  return heldRefusal(position.symbol, position.signedQuantity.abs(), availableQuantity(position), holding)
}
