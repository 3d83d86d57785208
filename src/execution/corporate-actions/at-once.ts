import { type Affected, affectedBy } from '../../ledger/affected.ts'
import type { WantedAction } from '../../ledger/corporate-actions.ts'
import { accountDays } from '../../ledger/day-equity.ts'
import type { ScheduledOrder } from '../../ledger/scheduled-orders.ts'
import type { Instrument, Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Big } from '../../trading/amounts.ts'
import { dayLoss } from '../../trading/day-loss.ts'
import { priceText } from '../../trading/format.ts'
import { unrealizedPnl } from '../../trading/position.ts'
import { isAhead } from '../../trading/protection.ts'
import { type Ratio, splitCondition, splitHolding, splitLevel, splitLimit } from '../../trading/split.ts'
import type { Parts } from '../parts.ts'

/**
 * What a split would set off at the price of now, a line each: levels, limits and conditions that would be met at once, and
 * circuit breakers. A market that does not show prices of new units yet does that, and then the split comes too early.
 * Nothing while there is no fresh price, on which nothing is done.
 */
export async function metAtOnce(
  parts: Parts,
  { symbol, newSymbol, ratio, cashPrice }: Pick<WantedAction, 'symbol' | 'newSymbol' | 'ratio' | 'cashPrice'>,
  actionId?: number,
): Promise<string[]> {
  const instrument = parts.market.instrument(newSymbol)
  const quote = await marksOf(parts.market).quote(newSymbol)
  if (!instrument || !quote || quote.stale) return []
  const affected = await affectedBy(parts.db, symbol, actionId)
  const days = await accountDays(
    parts.db,
    affected.map(({ accountId }) => accountId),
    parts.clock.now(),
    false,
  )
  return affected.flatMap((one) => {
    const day = days.find(({ accountId }) => accountId === one.accountId)
    const after = one.position && splitHolding(one.position, ratio, instrument.lot, cashPrice ?? quote.last).holding
    const gained =
      after && one.position && one.mark
        ? unrealizedPnl(after, quote.last).minus(unrealizedPnl(one.position, one.mark))
        : undefined
    const loss = day && gained && !day.isTripped ? dayLoss(day, day.equity.plus(gained)) : undefined
    const trips = loss?.gte(day!.thresholds.dayLoss) ? ['the circuit breaker of the account'] : []
    return [...levelsMet(one, ratio, instrument, quote), ...trips].map((what) => `${one.name}: ${what}`)
  })
}

function levelsMet(
  { position, protection, orders, scheduled }: Affected,
  ratio: Ratio,
  { tick }: Instrument,
  { bid, ask, last }: Quote,
): string[] {
  const levels = position ? [protection.stop, protection.target] : []
  return [
    ...levels.flatMap((level) => {
      if (!level) return []
      const price = splitLevel(level.kind, position!.signedQuantity, level.price, ratio, tick)
      return isAhead(level.kind, position!.signedQuantity, price, last)
        ? []
        : [`the ${level.kind} at ${priceText(price)}`]
    }),
    ...orders.flatMap(({ side, limit, number }) => {
      const price = limit && splitLimit(side, limit.price, ratio, tick)
      const isMet = price && (side === 'sell' ? bid.gte(price) : ask.lte(price))
      return isMet ? [`the limit order ${number} at ${priceText(price)}`] : []
    }),
    ...scheduled.flatMap((order) => {
      const level = conditionOf(order, ratio, tick)
      return level && isMetBy(order, level, last) ? [`the order for later ${order.number} at ${priceText(level)}`] : []
    }),
  ]
}

function conditionOf({ above, below, touched }: ScheduledOrder, ratio: Ratio, tick: Big): Big | undefined {
  if (touched) return undefined
  if (above) return splitCondition('above', above, ratio, tick)
  return below && splitCondition('below', below, ratio, tick)
}

const isMetBy = ({ above }: ScheduledOrder, level: Big, last: Big) => (above ? last.gte(level) : last.lte(level))
