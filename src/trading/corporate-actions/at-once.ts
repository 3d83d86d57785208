import type { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import { dayIn, exchangeZone } from '../../base/zone.ts'
import type { Instrument, Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { type AccountDay, accountDays } from '../accounts/rows/day-equity.ts'
import { dayLoss } from '../accounts/rules/day-loss.ts'
import { orderPhrase } from '../orders/rules/describe.ts'
import type { Parts } from '../parts.ts'
import { unrealizedPnl } from '../positions/rules/position.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import { isAhead } from '../protection/rules/protection.ts'
import type { ScheduledOrder } from '../schedule/rows/scheduled-orders.ts'
import { type Affected, affectedBy } from './rows/affected.ts'
import type { WantedAction } from './rows/corporate-actions.ts'
import { isOfNewUnits, type Ratio, splitCondition, splitHolding, splitLevel, splitLimit } from './rules/split.ts'

/**
 * What an action would set off at the price of now, a line each: levels, limits and conditions that would be met at once,
 * circuit breakers, and what a split would let trade new units at prices of old ones. A market that does not show prices of new
 * units yet does that, and then a split comes too early. Nothing while there is no fresh price, on which nothing is done.
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
  const now = parts.clock.now()
  const days = await accountDays(
    parts.db,
    affected.map(({ accountId }) => accountId),
    now,
    false,
  )
  return affected.flatMap((one) => {
    const day = days.find(({ accountId }) => accountId === one.accountId)
    const what = [
      ...levelsMet(one, ratio, instrument, quote),
      ...pricedByOld(one, ratio, quote, now),
      ...(day ? breakerOf(one, day, ratio, instrument, quote, cashPrice) : []),
    ]
    return what.map((each) => `${one.name}: ${each}`)
  })
}

function breakerOf(
  { position, mark }: Affected,
  day: AccountDay,
  ratio: Ratio,
  { lot }: Instrument,
  { last }: Quote,
  cashPrice: Big | undefined,
): string[] {
  if (!position || !mark || day.isTripped) return []
  const after = splitHolding(position, ratio, lot, cashPrice ?? last).holding
  const gained = unrealizedPnl(after, last).minus(unrealizedPnl(position, mark))
  const loss = dayLoss(day, day.equity.plus(gained))
  return loss?.gte(day.thresholds.dayLoss) ? ['the circuit breaker of the account'] : []
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

/**
 * What trades at the market soon, and would trade new units at prices of old ones: a scaleout that runs, orders at the market,
 * and orders for later that are due on this day of the exchange. The last price that each knows of says which units the market
 * shows; without one it is not known to show new ones.
 */
function pricedByOld(
  { position, mark, scaleout, orders, scheduled }: Affected,
  ratio: Ratio,
  { last }: Quote,
  now: Date,
): string[] {
  if (ratio.to.eq(ratio.from)) return []
  const isOld = (known: Big | undefined) => !known || !isOfNewUnits(last, known, ratio)
  const atMarket = orders.filter(
    (order) => !order.limit && !isClosing(order) && (order.purpose === 'open' || order.chunkId === null),
  )
  return [
    ...(scaleout && isOld(scaleout.decisionPrice) ? [`the scaleout, which would go on at ${priceText(last)}`] : []),
    ...atMarket
      .filter(({ expectedPrice }) => isOld(expectedPrice))
      .map((order) => `${orderPhrase(order)}, an order at the market`),
    ...scheduled
      .filter((order) => isDueToday(order, now) && isOld(position && mark))
      .map(({ number, what }) => `the order for later ${number}, ${what}`),
  ]
}

/** Is an order for later to be carried out on this day of the exchange, at whatever the price is then? */
function isDueToday({ at, above, below, touched }: ScheduledOrder, now: Date): boolean {
  if (touched) return true
  const isConditional = above !== undefined || below !== undefined
  return !isConditional && at !== undefined && dayIn(at.due, exchangeZone) === dayIn(now, exchangeZone)
}

function conditionOf({ above, below, touched }: ScheduledOrder, ratio: Ratio, tick: Big): Big | undefined {
  if (touched) return undefined
  if (above) return splitCondition('above', above, ratio, tick)
  return below && splitCondition('below', below, ratio, tick)
}

const isMetBy = ({ above }: ScheduledOrder, level: Big, last: Big) => (above ? last.gte(level) : last.lte(level))
