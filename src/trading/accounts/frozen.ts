import { quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import type { Side } from '../positions/rules/position.ts'
import { frozenIn } from './rows/frozen.ts'

/**
 * Refuses an order that opens or adds while the broker of a linked account shows another quantity of the symbol than the desk, or the
 * other side of it that is not the desk's: nobody would know what such an order makes. Exits pass.
 */
export async function refusedWhileFrozen(
  db: Db,
  { accountId, symbol, side }: { accountId: number; symbol: string; side: Side },
): Promise<Refusal | undefined> {
  const { gap, external } = await frozenIn(db, accountId, symbol)
  if (gap) {
    const sentence = `The broker shows ${quantityText(gap.venue)} ${symbol}, and the desk has ${quantityText(gap.ledger)}: nothing explains it. Nothing was done.`
    const answers = `\`adopt ${symbol}\`, \`ignore ${symbol}\` or \`did ${symbol} @ PRICE\` first; \`reconcile\` shows both. What exits passes`
    return new Refusal('MISMATCH', sentence, answers)
  }
  if (external && external.gt(0) === (side === 'sell') && !external.eq(0)) {
    const held = `${external.gt(0) ? 'LONG' : 'SHORT'} ${quantityText(external.abs())} ${symbol}`
    const sentence = `The broker shows ${held} that is not the desk’s, and this order would close it. Nothing was done.`
    return new Refusal(
      'EXTERNAL_POSITION',
      sentence,
      `\`adopt ${symbol}\` makes it a position of the desk, which \`close\` closes`,
    )
  }
  return undefined
}
