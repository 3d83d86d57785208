import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import type { Tone } from '../../../src/talk/chat/tone.ts'
import { wording } from '../../../src/talk/wording/index.ts'
import type { StoredEvent } from '../../../src/trading/events/rules/stored-event.ts'
import type { Notice } from '../../../src/trading/notice.ts'
import type { Execution, Oddity } from '../../../src/trading/orders/apply-news.ts'
import type { AnyOrder } from '../../../src/trading/orders/rows/orders.ts'
import type { ClosingPurpose } from '../../../src/trading/protection/rows/closings.ts'
import type { Ended } from '../../../src/watch/alerts/notices.ts'
import type { WatchNotice } from '../../../src/watch/notices.ts'

const big = (amount: number | string) => new Big(amount)
const position = { symbol: 'BYND', signedQuantity: big(0), openCost: big(0), workingQuantity: big(0) }

/** Fills of an order for 100 BYND that realized so much, told while the order goes on. */
function fills(purpose: string, profit: number, ...oddities: Oddity[]): Notice {
  const order = { ...{ purpose, side: 'sell', symbol: 'BYND', state: 'working' }, ...amounts } as AnyOrder
  const fill = { quantity: big(40), price: big('.7') }
  const executions = [{ fill, realizedPnl: big(profit), left: big(60), oddities }] as unknown as Execution[]
  return { kind: 'order.filled', order, position, executions }
}
const amounts = { quantity: big(100), filledQuantity: big(40), filledValue: big(28), realizedPnl: big(0) }

/** A level, or the breaker, that closed 40 BYND. */
function closing(purpose: ClosingPurpose, profit: number): Notice {
  const { order, executions } = fills('close', profit) as Extract<Notice, { kind: 'order.filled' }>
  return { kind: 'closing.filled', order: { ...order, purpose }, position, executions } as unknown as Notice
}

const event = (type: string) => ({ type, symbol: 'BYND', data: {} }) as unknown as StoredEvent
const alerted = (type: string): WatchNotice => ({ kind: 'event.alerted', event: event(type) })

function ended(profit: number): WatchNotice {
  const traded = { side: 'sell', quantity: big(40), value: big(28), positions: 1, open: big(0) } as const
  const told: Ended = { ...traded, realizedPnl: big(profit) }
  return { kind: 'event.ended', event: event('trading.stop_loss_triggered'), ended: told }
}

test.each<[string, Notice | WatchNotice, Tone | undefined]>([
  ['an exit with a gain', fills('close', 2.8), 'gain'],
  ['an exit with a loss', fills('close', -2.8), 'loss'],
  ['an exit with neither', fills('close', 0), undefined],
  ['a fill that opens', fills('open', 0), undefined],
  ['a gain at a price worse than the limit', fills('close', 2.8, 'worse than its limit'), 'warning'],
  ['a stop, also one that trailed into a gain', closing('stop', 2.8), 'critical'],
  ['the breaker', closing('breaker', -2.8), 'critical'],
  ['a target', closing('target', 2.8), 'gain'],
  ['a touched stop', alerted('trading.stop_loss_triggered'), 'critical'],
  ['a stop that is near', alerted('position.stop_approaching'), 'warning'],
  ['an order that did not go through', alerted('order_error'), 'warning'],
  ['a target that is near', alerted('position.target_approaching'), undefined],
  ['the end of a touched level', ended(-2.8), 'loss'],
  ['an event of a type that this version does not know', alerted('toString'), undefined],
])('%s has its tone', (_, notice, tone) => expect(wording(notice).tone).toBe(tone))
