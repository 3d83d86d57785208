import type { Big } from '../../base/amounts.ts'
import { dayIn, exchangeZone } from '../../base/zone.ts'
import type { Instrument, Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { type AccountDay, accountDays } from '../accounts/rows/day-equity.ts'
import { dayLoss } from '../accounts/rules/day-loss.ts'
import { type AnyOrder, mayRest } from '../orders/rows/orders.ts'
import type { Parts } from '../parts.ts'
import { unrealizedPnl } from '../positions/rules/position.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import { isAhead } from '../protection/rules/protection.ts'
import type { ScheduledOrder } from '../schedule/rows/scheduled-orders.ts'
import { type Affected, affectedBy } from './rows/affected.ts'
import type { WantedAction } from './rows/corporate-actions.ts'
import { isOfNewUnits, type Ratio, splitCondition, splitHolding, splitLevel, splitLimit } from './rules/split.ts'

/**
 * An effect that an action would have in an account at the present price. `name` is the account's holder; `price` is in new
 * units.
 */
export type ImmediateEffect = { name: string } & Effect

type Effect =
  | { kind: 'breaker' }
  | { kind: 'level'; level: 'stop' | 'target'; price: Big }
  /** A limit order would be met. */
  | { kind: 'limit'; order: AnyOrder; price: Big }
  /** An order for later waits for a price that would be met. */
  | { kind: 'condition'; order: ScheduledOrder; price: Big }
  /** A scaleout would continue while the market shows prices of old units. */
  | { kind: 'scaleout'; price: Big }
  | { kind: 'market order'; order: AnyOrder }
  /** An order for later is due on this day, at whatever price there is then. */
  | { kind: 'due today'; order: ScheduledOrder }

/**
 * The effects that an action would have at once, at the present price: met levels, limits and conditions, tripped circuit
 * breakers, and, for a split, trades of new units at prices of old ones. A split comes too early while the market still shows
 * prices of old units; these effects reveal that. Empty without a fresh price, since nothing acts without one.
 */
export async function metAtOnce(
  parts: Parts,
  { symbol, newSymbol, ratio, cashPrice }: Pick<WantedAction, 'symbol' | 'newSymbol' | 'ratio' | 'cashPrice'>,
  actionId?: number,
): Promise<ImmediateEffect[]> {
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
    return what.map((effect) => ({ name: one.name, ...effect }))
  })
}

function breakerOf(
  { position, mark }: Affected,
  day: AccountDay,
  ratio: Ratio,
  { lot }: Instrument,
  { last }: Quote,
  cashPrice: Big | undefined,
): Effect[] {
  if (!position || !mark || day.isTripped) return []
  const after = splitHolding(position, ratio, lot, cashPrice ?? last).holding
  const gained = unrealizedPnl(after, last).minus(unrealizedPnl(position, mark))
  const loss = dayLoss(day, day.equity.plus(gained))
  return loss?.gte(day.thresholds.dayLoss) ? [{ kind: 'breaker' }] : []
}

function levelsMet(
  { position, protection, orders, scheduled }: Affected,
  ratio: Ratio,
  { tick }: Instrument,
  { bid, ask, last }: Quote,
): Effect[] {
  const levels = position ? [protection.stop, protection.target] : []
  return [
    ...levels.flatMap((level): Effect[] => {
      if (!level) return []
      const price = splitLevel(level.kind, position!.signedQuantity, level.price, ratio, tick)
      return isAhead(level.kind, position!.signedQuantity, price, last)
        ? []
        : [{ kind: 'level', level: level.kind, price }]
    }),
    ...orders.flatMap((order): Effect[] => {
      const { side, limit } = order
      const price = limit && splitLimit(side, limit.price, ratio, tick)
      const isMet = price && (side === 'sell' ? bid.gte(price) : ask.lte(price))
      return isMet ? [{ kind: 'limit', order, price }] : []
    }),
    ...scheduled.flatMap((order): Effect[] => {
      const level = conditionOf(order, ratio, tick)
      return level && isMetBy(order, level, last) ? [{ kind: 'condition', order, price: level }] : []
    }),
  ]
}

/**
 * Trades at the market that would soon trade new units at prices of old ones: a running scaleout, market orders, and orders for
 * later that are due on this day of the exchange. The last known price of each tells which units the market shows. Without a
 * known price the market counts as showing old units.
 */
function pricedByOld(
  { position, mark, scaleout, orders, scheduled }: Affected,
  ratio: Ratio,
  { last }: Quote,
  now: Date,
): Effect[] {
  if (ratio.to.eq(ratio.from)) return []
  const isOld = (known: Big | undefined) => !known || !isOfNewUnits(last, known, ratio)
  const atMarket = orders.filter(
    (order) =>
      !mayRest(order) &&
      !isClosing(order) &&
      order.purpose !== 'protect' &&
      (order.purpose === 'open' || order.chunkId === null),
  )
  return [
    ...(scaleout && isOld(scaleout.decisionPrice) ? [{ kind: 'scaleout' as const, price: last }] : []),
    ...atMarket
      .filter(({ expectedPrice }) => isOld(expectedPrice))
      .map((order) => ({ kind: 'market order' as const, order })),
    ...scheduled
      .filter((order) => isDueToday(order, now) && isOld(position && mark))
      .map((order) => ({ kind: 'due today' as const, order })),
  ]
}

/** Is an order for later due on this day of the exchange, at whatever price there is then? */
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
