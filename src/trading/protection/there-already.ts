import { priceText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Level, Protection, ProtectiveOrder } from './rows/protective-orders.ts'

/** Is a level exactly what works now? A trailing stop is, when it trails by the same from the same best price. */
export function isThere({ price, trail }: Pick<Level, 'price' | 'trail'>, now: ProtectiveOrder | undefined): boolean {
  if (!now?.price.eq(price)) return false
  if (!trail || !now.trail) return trail === now.trail
  if (!trail.bestPrice.eq(now.trail.bestPrice)) return false
  const { dollars } = now.trail
  return trail.dollars && dollars
    ? trail.dollars.eq(dollars)
    : !trail.dollars && !dollars && trail.share.eq(now.trail.share)
}

/** The refusal of levels that are all there already. */
export function thereAlready(symbol: string, levels: Pick<Level, 'kind'>[], now: Protection): Refusal {
  const there = levels
    .map(({ kind }) => `the ${kind} of ${symbol} is at ${priceText(now[kind]!.price)} already`)
    .join(', and ')
  return new Refusal('LEVEL_THERE', `T${there.slice(1)}. Nothing was done.`, '`positions` shows what there is')
}
