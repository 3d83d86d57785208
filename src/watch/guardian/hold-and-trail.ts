import type { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import { announcePosition } from '../../infra/db/announce.ts'
import { marksOf } from '../../market/marks.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import type { QueuedNotice } from '../../trading/notice.ts'
import { noPrice } from '../../trading/orders/fresh-price.ts'
import { wakeReplies } from '../../trading/parts.ts'
import { lockPosition, type Position } from '../../trading/positions/rows/positions.ts'
import { lockProtection } from '../../trading/protection/rows/protective-orders.ts'
import { isAhead, isTighter, shareOf, trailedStop } from '../../trading/protection/rules/protection.ts'
import type { WatchParts } from '../parts.ts'
import type { GuardianNotice } from './notices.ts'
import { letTrail } from './trail.ts'

/** A request to hold a position, as it was shown, with a stop that trails the best price by this share. */
export interface HoldAndTrail {
  position: Position
  share: Big
  memberId: number
  conversationId: number
}

/**
 * Lets a stop trail the price from now on, unless the position has changed. It never loosens a stop: a stop with the same or
 * a narrower trail stays as it is, and a tighter fixed stop starts to trail from its present level.
 */
export async function holdAndTrail(
  parts: WatchParts,
  wanted: HoldAndTrail,
): Promise<QueuedNotice<GuardianNotice>[] | Refusal> {
  const { position: shown, share, memberId, conversationId } = wanted
  const quote = await marksOf(parts.market).quote(shown.symbol)
  const done = await parts.db.transaction().execute(async (trx) => {
    const position = await lockPosition(trx, shown.id)
    if (position.signedQuantity.eq(0) || position.version !== shown.version) return changedSince(shown.symbol)
    const unusable = noPrice(quote)
    if (!quote || unusable) {
      const sentence = `A stop for ${shown.symbol} cannot be checked against the market now: ${unusable}. Nothing was set.`
      return new Refusal('NO_FRESH_PRICE', sentence, 'Try again when the price is fresh')
    }
    const { signedQuantity, symbol } = position
    const { stop } = await lockProtection(trx, position.id)
    const at = parts.clock.now()
    const to = { conversationId, accountId: position.accountId, at }
    const tell = (notice: GuardianNotice) => queueNotice(trx, parts, to, notice, 'door')
    if (stop?.trail && shareOf(stop.trail).lte(share)) {
      const { dollars } = stop.trail
      const held = { kind: 'advice.held' as const, symbol, stop: stop.price, share: shareOf(stop.trail), dollars }
      return { told: await tell(held), watching: [], moved: false }
    }
    const level = trailedStop(signedQuantity, quote.last, share)
    const price = stop && !isTighter(signedQuantity, level, stop.price) ? stop.price : level
    const closing = signedQuantity.gt(0) ? quote.bid : quote.ask
    if (!isAhead('stop', signedQuantity, price, closing)) {
      const sentence = `A stop at ${priceText(price)} would be touched at once: ${symbol} can be closed at ${priceText(closing)}. Nothing was set.`
      return new Refusal('STOP_WRONG_SIDE', sentence, `\`trail ${symbol} 5%\` keeps 5% from the price`)
    }
    const trail = { share, stop: price, price: quote.last, was: stop?.price }
    const watching = await letTrail(trx, parts, position, { memberId, conversationId }, trail, at)
    return { told: await tell({ kind: 'advice.trailed', symbol, stop: price, share }), watching, moved: true }
  })
  if (done instanceof Refusal) return done
  if (done.moved) await announcePosition(parts, shown.id)
  await wakeReplies(parts, done.watching)
  return [done.told]
}

/** The refusal when the position has changed since it was shown. */
export function changedSince(symbol: string): Refusal {
  return new Refusal('POSITION_CHANGED', `${symbol} has changed since you were asked. Nothing was done.`)
}
