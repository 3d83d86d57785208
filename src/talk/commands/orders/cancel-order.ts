import { Refusal } from '../../../base/refusal.ts'
import { takeBackOthers } from '../../../trading/orders/in-the-way.ts'
import { type OrderOfOthers, ordersOfOthers } from '../../../trading/orders/rows/orders-of-others.ts'
import { restingOrders } from '../../../trading/orders/rows/working-orders.ts'
import { cancelOrders } from '../../../trading/orders/working-orders.ts'
import { waitingExits } from '../../../trading/protection/rows/unfinished-exits.ts'
import { runningScaleouts, type Scaleout } from '../../../trading/scaleouts/rows/scaleouts.ts'
import { openScheduled, type ScheduledOrder } from '../../../trading/schedule/rows/scheduled-orders.ts'
import { restated } from '../../language/restate.ts'
import type { Given } from '../../language/slots.ts'
import { repliesOf } from '../../wording/index.ts'
import { othersHint, otherText } from '../../wording/orders-of-others.ts'
import { asNumbered, type NumberedOrder, orderName } from '../../wording/working-orders.ts'
import { type Ask, type Command, choose, numbered, say } from '../command.ts'
import { valuesOf } from '../read-slots.ts'
import { cancelScaleout } from '../scaleouts/cancel-scaleout.ts'
import { noOrders, noSuchOrder } from './move-order.ts'

/** The thing to cancel: one order, all orders (of a symbol), or a scaleout. */
export type Cancelling =
  | { number: number }
  | { all: true; symbol?: string }
  | { scaleout: string }
  /** Orders at the broker that are not the desk's. */
  | { others: OrderOfOthers[] }

/** The next step of `cancel`: a question, a refusal, or the thing to cancel. */
export function nextOfCancel(
  orders: NumberedOrder[],
  scaleouts: Pick<Scaleout, 'symbol' | 'doneChunks' | 'chunkCount'>[],
  given: Given,
  others: OrderOfOthers[] = [],
): Ask | Refusal | Cancelling {
  if (given.quantity !== undefined) {
    const order = orders.find(({ number }) => String(number) === given.quantity)
    return order ? { number: order.number } : noSuchOrder(given.quantity, orders)
  }
  const { symbol } = given
  const meant = orders.filter((order) => symbol === undefined || order.symbol === symbol)
  if (given.fraction === '1') return meant.length > 0 ? { all: true, symbol } : noOrders()
  const running = scaleouts.filter((one) => symbol === undefined || one.symbol === symbol)
  const picked = given.which?.split(':')
  if (picked?.[0] === 'order') return nextOfCancel(orders, [], { quantity: picked[1]! })
  if (picked?.[0] === 'scaleout') return { scaleout: picked[1]! }
  // A yes is for the orders that were shown.
  const shown = others.map(({ venueOrderId }) => venueOrderId).join(',')
  if (picked?.[0] === 'others' && picked[1] === shown) return { others }
  if (picked && picked[0] !== 'others') return { all: true, symbol }
  if (meant.length + running.length === 0) return others.length > 0 ? askOfOthers(others, given) : nothingWorks(symbol)
  if (meant.length + running.length === 1) {
    return meant[0] ? { number: meant[0].number } : { scaleout: running[0]!.symbol }
  }
  const things = [
    ...meant.map((order) => ({
      value: `order:${order.number}`,
      label: `Order ${order.number}`,
      line: `Order ${orderName(order)}`,
    })),
    ...running.map((one) => ({
      value: `scaleout:${one.symbol}`,
      label: `Scaleout ${one.symbol}`,
      line: `Scaleout of ${one.symbol} · ${one.doneChunks}/${one.chunkCount} chunks done`,
    })),
    ...(meant.length > 1 ? [{ value: 'orders', label: 'All orders', line: `All ${meant.length} orders` }] : []),
  ]
  const lines = numbered(things.map(({ line }) => line))
  const text = `❓ What should be cancelled?\n${lines}\n\n💡 Reply with a number from 1 to ${things.length}`
  return choose(
    'which',
    'Cancel what?',
    text,
    things.map(({ value, label }) => ({ value, label })),
    given,
  )
}

function askOfOthers(others: OrderOfOthers[], given: Given): Ask {
  const shown = others.map(({ venueOrderId }) => venueOrderId).join(',')
  const lines = others.map((order) => `   ${otherText(order)}`)
  const text = [
    '❓ Cancel at the broker? The desk did not send this, and does not follow it:',
    ...lines,
    '',
    '💡 `yes` cancels it there, `no` leaves it',
  ].join('\n')
  const choices = [
    { value: `others:${shown}`, label: 'Cancel it there', aliases: ['yes', 'y'], danger: true },
    { value: 'leave', label: 'Leave it', aliases: ['no', 'n'] },
  ]
  return choose('which', 'Cancel at the broker?', text, choices, given)
}

function nothingWorks(symbol?: string): Refusal {
  const where = symbol ? ` in ${symbol}` : ''
  return new Refusal(
    'NOTHING_WORKS',
    `Nothing works that could be cancelled${where}: no order, no scaleout.`,
    '`orders` and `tasks` show what does, `schedule` what is planned',
  )
}

export const cancelWorking: Command = {
  name: 'cancel',
  aliases: [],
  phrases: [
    {
      full: `cancel order, cancel all orders, pull order, pull all orders, kill order, cancel orders,
        cancel everything, pull orders, kill all orders, cxl, cxl order, cxl orders`,
    },
  ],
  description: 'Take a working order back, or all of them',
  category: 'Orders',
  position: 46,
  effect: 'trades',
  exits: 'always',
  restate: (given) => restated('cancel a working order', given),
  usage: 'cancel [NUMBER | all | SYMBOL]',
  example: 'cancel 1',
  detail:
    'Takes back a working order by its number, or all of them, and an exit that waits to be sent; what was filled stays filled. Alone it takes back the one thing that works, or asks which. `cancel scaleout` ends a scaleout, `stop off` takes a stop away.',
  needs: 'trader',
  account: 'changes',
  options: [
    { name: 'quantity', type: 'quantity', description: 'The number of the order, or all' },
    { name: 'symbol', type: 'symbol', description: 'What works in a symbol' },
  ],
  async run(hearing, { words: given, symbol }) {
    const { parts, speaker } = hearing
    if (symbol instanceof Refusal) return symbol
    const { accountId, memberId, conversationId } = speaker
    if (given.which === 'leave') return say('OK. Nothing was cancelled.')
    const [resting, waiting, scaleouts, later, others] = await Promise.all([
      restingOrders(parts.db, accountId),
      waitingExits(parts.db, accountId),
      runningScaleouts(parts.db, accountId),
      openScheduled(parts.db, accountId),
      ordersOfOthers(parts.db, accountId, symbol),
    ])
    const orders = [...resting, ...waiting.map(asNumbered)]
    const meant = symbol ? { ...given, symbol } : given
    const decided = nextOfCancel(orders, scaleouts, meant, symbol ? others : [])
    if (decided instanceof Refusal) return orLater(decided, later, given, others)
    if ('ask' in decided) return decided
    if ('others' in decided) {
      const taken = await takeBackOthers(parts, accountId, decided.others)
      const notice = { kind: 'order.others_taken_back' as const, symbol: symbol!, ...taken, isForExit: false }
      return { replies: repliesOf([{ notice }]) }
    }
    if ('scaleout' in decided) return cancelScaleout.run(hearing, valuesOf({ symbol: decided.scaleout }, parts.market))
    const number = 'number' in decided ? decided.number : undefined
    const which = 'all' in decided ? decided.symbol : undefined
    const cancelled = await cancelOrders(parts, { accountId, memberId, conversationId, number, symbol: which })
    if (cancelled instanceof Refusal) return cancelled
    const replies = repliesOf(cancelled)
    if (number !== undefined) return { replies }
    const elsewhere = others.filter((order) => which === undefined || order.symbol === which)
    const names = scaleouts.map((one) => one.symbol).join(', ')
    const still = [
      ...(scaleouts.length > 0 ? [`💡 The scaleout of ${names} goes on; \`cancel scaleout\` ends it`] : []),
      ...(later.length > 0 ? [`💡 ${stillPlanned(later)}`] : []),
      ...elsewhere.map((order) => `💡 ${otherText(order)} is not the desk’s, and stays; ${othersHint(order.symbol)}`),
    ]
    return { replies: [...replies, ...still.map((text) => ({ text }))] }
  },
}

/** `cancel` is only for working orders. If a scheduled order is meant, the refusal says how to cancel it. */
function orLater(refusal: Refusal, later: ScheduledOrder[], given: Given, others: OrderOfOthers[]): Refusal {
  const meant = later.find(({ number }) => String(number) === given.quantity)
  const instead = meant
    ? `\`schedule cancel ${meant.number}\` takes back what is planned: ${meant.what}`
    : given.quantity === undefined && later.length > 0
      ? stillPlanned(later)
      : given.quantity === undefined && others.length > 0
        ? others.map((one) => `${otherText(one)} is not the desk’s; ${othersHint(one.symbol)}`).join('; ')
        : undefined
  const sentence = refusal.text.split('\n')[0]!.replace('⚠️ ', '')
  return instead ? new Refusal(refusal.code, sentence, instead) : refusal
}

function stillPlanned(later: ScheduledOrder[]): string {
  const [only, another] = later
  const what = another ? `${later.length} orders for later` : `${only!.what} (${only!.number})`
  return `Still planned: ${what}; \`schedule cancel ${another ? 'all' : only!.number}\` takes ${another ? 'them' : 'it'} back`
}
