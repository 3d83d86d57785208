import { Big } from '../../base/amounts.ts'
import { priceText, quantityText } from '../../base/format.ts'
import type { Trx } from '../../infra/db/client.ts'
import { appendEvent } from '../events/append-event.ts'
import type { Parts } from '../parts.ts'
import type { Position } from '../positions/rows/positions.ts'
import { closingSide, type Side } from '../positions/rules/position.ts'
import { endScheduled, rewriteScheduled, type ScheduledOrder } from '../schedule/rows/scheduled-orders.ts'
import type { ThreadChange } from './change.ts'
import type { Terms } from './place-anew.ts'
import type { CorporateAction } from './rows/corporate-actions.ts'
import { priceOfNewUnit, splitCondition, splitLevel, splitLimit, wholeLots } from './rules/split.ts'

/**
 * Adapts the locked orders for later of a locked account to an action: quantities, prices, conditions, the values that their
 * question showed, and their descriptions. An order for less than a lot ends. Returns the change of each order.
 */
export async function moveScheduled(
  trx: Trx,
  parts: Pick<Parts, 'wording' | 'notices'>,
  action: CorporateAction,
  orders: ScheduledOrder[],
  position: Position | undefined,
  terms: Terms,
  at: Date,
): Promise<ThreadChange[]> {
  const told: ThreadChange[] = []
  for (const order of orders) {
    const moved = movedOrder(order, action.symbol, position?.signedQuantity, terms)
    const { accountId, conversationId, memberId, what } = order
    if (moved === 'nothing') {
      const because = `less than a lot of ${terms.instrument.symbol} is left of it`
      await endScheduled(trx, order.id, 'waiting', 'cancelled', because, at)
      await appendEvent(trx, parts, {
        type: 'scheduled_ended',
        data: { what, outcome: because },
        ...{ accountId, memberId, conversationId, symbol: order.symbol, at },
        dedupeKey: `scheduled-${order.id}-ended`,
      })
      told.push({ conversationId, change: { kind: 'order for later taken back', order, because } })
      continue
    }
    await rewriteScheduled(trx, moved)
    told.push({ conversationId, change: { kind: 'order for later', before: order, after: moved } })
  }
  return told
}

/** An order for later in new units; `nothing` when its quantity is less than a lot. Pure. */
export function movedOrder(
  order: ScheduledOrder,
  symbol: string,
  open: Big | undefined,
  { ratio, instrument }: Terms,
): ScheduledOrder | 'nothing' {
  const { lot, tick } = instrument
  const { given } = order
  const side = sideOf(order, open)
  const quantity = given.quantity === undefined ? undefined : wholeLots(new Big(given.quantity), ratio, lot)
  if (quantity?.eq(0)) return 'nothing'
  const price = given.price === undefined ? undefined : splitLimit(side, new Big(given.price), ratio, tick)
  const bounds = (['floor', 'cap'] as const).flatMap((kind) =>
    given[kind] === undefined
      ? []
      : [{ kind, before: new Big(given[kind]), now: splitLimit(side, new Big(given[kind]), ratio, tick) }],
  )
  const signed = new Big(side === 'buy' ? 1 : -1)
  // A level as a percentage of the entry stays as it is.
  const levels = (['stop', 'target'] as const).flatMap((kind) => {
    const name = kind === 'stop' ? ('stopLoss' as const) : ('takeProfit' as const)
    const said = given[name]
    if (said === undefined || !/^\d+(\.\d+)?$/.test(said)) return []
    const before = new Big(said)
    return [{ kind, name, before, now: splitLevel(kind, signed, before, ratio, tick) }]
  })
  const symbols = given.symbols?.split(' ').map((one) => (one === symbol ? instrument.symbol : one))
  const touched = order.touched && { ...order.touched, price: priceOfNewUnit(order.touched.price, ratio) }
  return {
    ...order,
    symbol: order.symbol && instrument.symbol,
    given: {
      ...given,
      ...(given.symbol !== undefined && { symbol: instrument.symbol }),
      ...(symbols && { symbols: symbols.join(' ') }),
      ...(quantity && { quantity: quantity.toFixed() }),
      ...(price && { price: price.toFixed() }),
      ...Object.fromEntries(bounds.map(({ kind, now }) => [kind, now.toFixed()])),
      ...Object.fromEntries(levels.map(({ name, now }) => [name, now.toFixed()])),
      ...(given.shown !== undefined &&
        quantity && { shown: shownNow(given.shown, quantity, price, side, { ratio, instrument }) }),
    },
    what: whatNow(
      order.what,
      [
        ...(quantity
          ? [[`${quantityText(new Big(given.quantity!))} ${symbol}`, `${quantityText(quantity)} ${symbol}`] as const]
          : []),
        ...(price ? [[`@ ${priceText(new Big(given.price!))}`, `@ ${priceText(price)}`] as const] : []),
        ...bounds.map(
          ({ kind, before, now }) => [`${kind} of ${priceText(before)}`, `${kind} of ${priceText(now)}`] as const,
        ),
        ...levels.map(
          ({ kind, before, now }) => [`${kind} ${priceText(before)}`, `${kind} ${priceText(now)}`] as const,
        ),
      ],
      symbol,
      instrument.symbol,
    ),
    above: order.above && splitCondition('above', order.above, ratio, tick),
    below: order.below && splitCondition('below', order.below, ratio, tick),
    touched,
  }
}

/**
 * The values that the question showed, in new units: side, position, quantity that exits, quantity that opens, price, and open
 * quantity.
 */
function shownNow(
  shown: string,
  quantity: Big,
  price: Big | undefined,
  side: Side,
  { ratio, instrument }: Terms,
): string {
  const [said = '', positionId = '', exit = '0', entering = '0', at = '0', open = '0'] = shown.split(':')
  const adds = new Big(entering).gt(0)
  const taken = adds ? wholeLots(new Big(exit), ratio, instrument.lot) : quantity
  const level = price ?? splitLimit(side, new Big(at), ratio, instrument.tick)
  const held = wholeLots(new Big(open).abs(), ratio, instrument.lot).times(new Big(open).lt(0) ? -1 : 1)
  return [said, positionId, ...[taken, quantity.minus(taken), level, held].map((one) => one.toFixed())].join(':')
}

function sideOf({ command, given }: ScheduledOrder, open: Big | undefined): Side {
  const [shown] = given.shown?.split(':') ?? []
  if (shown === 'buy' || shown === 'sell') return shown
  return command === 'close' && open ? closingSide(open) : command === 'buy' ? 'buy' : 'sell'
}

/** The description of an order with new amounts and the new symbol. */
function whatNow(what: string, amounts: (readonly [string, string])[], from: string, to: string): string {
  const said = amounts.reduce((text, [before, after]) => text.replace(before, () => after), what)
  const name = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return said.replace(new RegExp(`(?<![\\w.-])${name}(?![\\w-])`, 'g'), () => to)
}
