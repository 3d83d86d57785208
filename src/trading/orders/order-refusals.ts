import { type Big, sum } from '../../base/amounts.ts'
import { durationText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import { type AtVenue, isUncertain } from '../protection/rows/at-venue.ts'
import type { AnyOrder, OpeningOrder } from './rows/orders.ts'
import { exitName, exitWords, orderPhrase, type WantedExit } from './rules/describe.ts'
import { leftOf } from './rules/order-lifecycle.ts'

/** The refusal of an exit that got no order before its deadline. */
export function exitNotSent(exit: WantedExit, deadlineMs: number): Refusal {
  const within = `within ${durationText(deadlineMs)}`
  const sentence = [
    `NOT SENT: ${exitName(exit)}`,
    exit.quantity
      ? `The venue was to give back the order that protects ${exit.symbol} there first, and had not ${within}. Nothing of it was traded.`
      : `Working orders were to be taken back first, and that was not done ${within}. Orders that were taken back stay back; nothing else was traded.`,
  ].join('\n')
  return new Refusal(
    'CLOSE_TOO_LATE',
    sentence,
    `Do you still want it? Say it again: \`${exitWords(exit)}\`, at the price of then`,
  )
}

/** The refusal of a part of a position while a close of all of it waits for protection at the venue. */
export function closeWaitsAlready(symbol: string, number: number | undefined): Refusal {
  return new Refusal(
    'QUANTITY_IN_FLIGHT',
    `A close of all ${symbol} waits already until the venue gives its protection back. Nothing more was kept.`,
    `\`cancel ${number}\` takes that close back; then a part can be sold`,
  )
}

/**
 * The free part of an open quantity, and what has the rest: `80 of 110 AMD (30 held by order 1)`. `holding`: the live exits
 * that a cancel gives back.
 */
export function freeText(symbol: string, open: Big, free: Big, holding: AnyOrder[]): string {
  const leaving = open.minus(free).minus(sum(holding.map(leftOf)))
  const others = [
    ...holding.map((order) => {
      const name = order.number === undefined ? `an order (${orderPhrase(order)})` : `order ${order.number}`
      return `${quantityText(leftOf(order))} held by ${name}`
    }),
    ...(leaving.gt(0) ? [`${quantityText(leaving)} on the way out`] : []),
  ]
  const rest = others.length > 0 ? ` (${others.join(', ')})` : ''
  return `${quantityText(free)} of ${quantityText(open)} ${symbol}${rest}`
}

/** The refusal of an exit for more than is free, while resting orders hold a part of the position or all of it. */
export function heldRefusal(symbol: string, open: Big, available: Big, holding: AnyOrder[]): Refusal {
  const frees = holding.flatMap((order) => {
    if (order.number === undefined) return []
    return [`\`cancel ${order.number}\` frees ${holding.length === 1 ? 'it' : quantityText(leftOf(order))}`]
  })
  return new Refusal(
    'QUANTITY_HELD_BY_ORDERS',
    `Free: ${freeText(symbol, open, available, holding)}. Nothing was done.`,
    [
      ...(available.gt(0) ? [`\`trim ${available.toFixed()} ${symbol}\` takes what is free`] : []),
      ...frees,
      `\`close ${symbol}\` takes working orders back by itself`,
    ].join('; '),
  )
}

/**
 * The refusal of an order that adds, while the venue has not given back the one that protects the position there, or does not say whether
 * it has it. An exit waits instead; an entry is not worth what the price may have become by then.
 */
export function protectionHolds(symbol: string, state: AtVenue | undefined): Refusal {
  return new Refusal(
    'QUANTITY_IN_FLIGHT',
    isUncertain(state)
      ? `The venue does not say whether it has the order that is to protect ${symbol} there. Nothing else was sent, since both could fill.`
      : `The venue has not given back the order that protects ${symbol} there. It may still close the position at its levels; nothing else was sent.`,
    'The desk goes on asking for it. Nothing that adds waits meanwhile: say it again in a moment',
  )
}

/** The refusal when the position has been closed or replaced since the decision. */
export function anotherPosition(symbol: string): Refusal {
  const sentence = `The position in ${symbol} is another one than a moment ago. Nothing was done.`
  return new Refusal('POSITION_CHANGED', sentence, 'Look at `positions` and decide again')
}

/** The refusal while an order that opens the other way is live: both together could reverse a position. */
export function oppositeOrder(symbol: string, order: OpeningOrder): Refusal {
  const { number } = order
  return new Refusal(
    'OPPOSITE_ORDER_WORKING',
    `${orderPhrase(order)} is working and would open ${symbol} the other way. Nothing was done.`,
    number === undefined ? 'Wait until the venue has said what became of it' : `\`cancel ${number}\` first`,
  )
}
