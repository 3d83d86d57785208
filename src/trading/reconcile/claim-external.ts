import type { Big } from '../../base/amounts.ts'
import { quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import { externalIn, setExternal } from './rows/books.ts'

/**
 * Makes units of a locked linked account that are not the desk's into units of its position (`change`, signed), or the reverse. Refused when
 * the broker shows fewer of them: a position on a linked account has to be there.
 */
export async function claimExternal(
  trx: Trx,
  of: { accountId: number; symbol: string; direction: 'LONG' | 'SHORT' },
  change: Big,
  at: Date,
): Promise<Refusal | undefined> {
  const { accountId, symbol, direction } = of
  const before = await externalIn(trx, accountId, symbol)
  const after = before.minus(change)
  const isShort = direction === 'SHORT'
  const isBeyond = isShort ? after.gt(0) : after.lt(0)
  if (isBeyond) {
    const there = isShort === before.lt(0) ? before.abs() : before.times(0)
    const sentence = `The broker shows ${quantityText(there)} ${symbol} ${direction} that are no position of the desk yet, and you said ${quantityText(change.abs())}. Nothing was recorded.`
    const word = isShort ? 'sell' : 'buy'
    const way = there.gt(0)
      ? `\`adopt ${symbol}\` takes what is there; \`${word} ${quantityText(change.abs())} ${symbol}\` sends an order`
      : `\`${word} ${quantityText(change.abs())} ${symbol}\` sends an order; \`reconcile\` shows what the broker has`
    return new Refusal('NOT_AT_BROKER', sentence, way)
  }
  if (!change.eq(0)) await setExternal(trx, accountId, symbol, after, at)
  return undefined
}

/** Gives units back that a recording had claimed, when it is undone (`change` is that of the position, signed). */
export async function giveBackExternal(
  trx: Trx,
  accountId: number,
  symbol: string,
  change: Big,
  at: Date,
): Promise<void> {
  const looked = await trx
    .selectFrom('account_looks')
    .select('account_id')
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  if (!looked || change.eq(0)) return
  await setExternal(trx, accountId, symbol, (await externalIn(trx, accountId, symbol)).minus(change), at)
}
