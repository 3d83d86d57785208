import { type Big, least, zero } from '../../base/amounts.ts'
import { quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import { externalIn, setExternal } from './rows/books.ts'
import { endGap, noteGapAgain, unexplainedGaps } from './rows/gaps.ts'

/**
 * Makes units of a locked linked account that are not the desk's into units of its position (`change`, signed), or the reverse. They come
 * from a difference that nobody has explained, which the member's word explains, and from external units. Refused when the broker shows
 * fewer of them: a position on a linked account has to be there.
 */
export async function claimExternal(
  trx: Trx,
  of: { accountId: number; memberId: number; symbol: string; direction: 'LONG' | 'SHORT' },
  change: Big,
  at: Date,
): Promise<Refusal | undefined> {
  const { accountId, memberId, symbol } = of
  const external = await externalIn(trx, accountId, symbol)
  const gap = (await unexplainedGaps(trx, accountId)).get(symbol)
  const beyond = refusedBeyond(of, change, external.plus(gap?.gap ?? zero))
  if (beyond) return beyond
  const explained = gap?.gap.times(change).gt(0)
    ? least(gap.gap.abs(), change.abs()).times(change.gt(0) ? 1 : -1)
    : zero
  if (!change.eq(explained)) await setExternal(trx, accountId, symbol, external.minus(change.minus(explained)), at)
  if (gap && !explained.eq(0)) {
    const rest = gap.gap.minus(explained)
    if (rest.eq(0)) await endGap(trx, gap.id, 'adopted', at, memberId)
    else await noteGapAgain(trx, gap, { ...gap, gap: rest, ledger: gap.ledger.plus(explained) }, at)
  }
  return undefined
}

type Claimed = Pick<Parameters<typeof claimExternal>[1], 'accountId' | 'symbol' | 'direction'>

/** The refusal of a change that takes more units than the broker shows unexplained, before anybody is asked about it. */
export async function beyondBroker(db: Db, of: Claimed, change: Big): Promise<Refusal | undefined> {
  const [external, gaps] = await Promise.all([
    externalIn(db, of.accountId, of.symbol),
    unexplainedGaps(db, of.accountId),
  ])
  return refusedBeyond(of, change, external.plus(gaps.get(of.symbol)?.gap ?? zero))
}

function refusedBeyond({ symbol, direction }: Claimed, change: Big, unclaimed: Big): Refusal | undefined {
  const isShort = direction === 'SHORT'
  const left = unclaimed.minus(change)
  const grows = isShort ? change.lt(0) : change.gt(0)
  if (!grows || !(isShort ? left.gt(0) : left.lt(0))) return undefined
  const there = isShort === unclaimed.lt(0) ? unclaimed.abs() : zero
  const sentence = there.gt(0)
    ? `The broker shows ${quantityText(there)} ${symbol} ${direction} that are no position of the desk yet, and this would take ${quantityText(change.abs())}. Nothing was recorded.`
    : `\`${isShort ? 'short' : 'long'}\` records what an account holds already and sends no order, and the broker shows no ${symbol} ${direction} beyond the positions of the desk. Nothing was recorded.`
  const word = isShort ? 'sell' : 'buy'
  const order = `\`${word} ${quantityText(change.abs())} ${symbol}\` sends an order`
  const way = there.gt(0)
    ? `\`adopt ${symbol}\` takes what is there; ${order}`
    : `${order}; \`reconcile\` shows what the broker has`
  return new Refusal('NOT_AT_BROKER', sentence, way)
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
