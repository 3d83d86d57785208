import { expect, test } from 'vitest'
import { eventText } from '../../../src/talk/wording/event-text.ts'
import { wording } from '../../../src/talk/wording/index.ts'
import type { OwnerNotice } from '../../../src/trading/events/notices.ts'
import type { EventData } from '../../../src/trading/events/rules/desk-event.ts'
import { isReadable, type StoredEvent } from '../../../src/trading/events/rules/stored-event.ts'

const event = <Type extends keyof EventData>(type: Type, data: EventData[Type]): StoredEvent =>
  ({ type, data, symbol: 'BYND' }) as StoredEvent

const side = 'sell' as const
const order = { purpose: 'trim' as const, side, quantity: '1000', number: 1, limitPrice: '0.7' }
const levels = { price: '0.561', unrealizedReturn: '-0.1095', version: 2 }
const seen = { signedQuantity: '3750', averageEntryPrice: '0.63', ...levels }
const position = 'LONG 3,750 @ $0.63 · now $0.561'

const texts: [StoredEvent, string][] = [
  [event('position_opened', { direction: 'LONG', quantity: '3750', price: '0.63' }), 'BYND opened LONG 3,750 @ $0.63'],
  [
    event('position_added', { side: 'buy', quantity: '10', price: '0.6', realizedPnl: '0', signedQuantity: '3760' }),
    'BYND recorded: bought 10 @ $0.60',
  ],
  [
    event('position_updated', { before: 'LONG 1', after: 'LONG 2', price: '1' }),
    'BYND position updated: LONG 1 is now LONG 2',
  ],
  [
    event('position_replaced', { before: 'LONG 1', after: 'LONG 2', price: '1' }),
    'BYND position replaced: LONG 1 by LONG 2',
  ],
  [event('order_working', order), 'BYND order working: sell 1,000 @ $0.70'],
  [event('order_working', { ...order, limitPrice: undefined }), 'BYND order working: sell 1,000 at the market'],
  [event('order_moved', { ...order, was: '0.8' }), 'BYND order moved from $0.80: sell 1,000 @ $0.70'],
  [event('order_cancelled', { ...order, because: 'as you asked' }), 'BYND order cancelled by you: sell 1,000 @ $0.70'],
  [event('order_expired', order), 'BYND order expired: sell 1,000 @ $0.70'],
  [
    event('scaleout_cancelled', { because: 'as you asked', sold: '10', left: '20', side }),
    'BYND scaleout cancelled by you; 10 sold, 20 left',
  ],
  [
    event('scaleout_error', { chunk: 2, error: 'no price', inARow: 1, left: '20' }),
    'BYND scaleout error at chunk 2: no price',
  ],
  [event('scheduled_ended', { what: 'buy 1 BYND', outcome: 'done' }), 'BYND scheduled order: buy 1 BYND: done'],
  [
    { ...event('scheduled_ended', { what: 'close all', outcome: 'done' }), symbol: undefined },
    'scheduled order: close all: done',
  ],
  [
    event('protection_set', { kind: 'stop', price: '0.6', trail: '0.05', was: '0.55' }),
    'BYND stop moved from $0.55 to $0.60, trails by 5.00%',
  ],
  [
    event('corporate_action', { what: 'split 2:1', before: 'LONG 1', after: 'LONG 2' }),
    'BYND split 2:1: LONG 1 is LONG 2 now',
  ],
  [
    event('position.volatility_spike', { ...seen, value: '3.10', limit: '3' }),
    `🌊 VOLATILITY SPIKE — BYND · ${position} · volatility 3.10× its mean, limit 3×`,
  ],
  [
    event('trading.take_profit_hit', { ...seen, level: '0.56', protectiveOrderId: 1 }),
    `🎯 TARGET HIT — BYND · ${position} · target $0.56 touched`,
  ],
]

test.each(texts)('%j is told in one line', (stored, text) => {
  expect(eventText(stored)).toBe(text)
  expect(isReadable(stored)).toBe(true)
})

test.each(texts)('%j cannot be read where something is missing that the line says', (stored) => {
  for (const name of Object.keys(stored.data)) {
    const without = { ...stored, data: { ...stored.data, [name]: undefined } } as StoredEvent
    expect(isReadable(without) && says(without).includes('undefined')).toBe(false)
  }
})

/** The line of an event; undefined when it cannot be made. */
function says(stored: StoredEvent): string {
  try {
    return eventText(stored)
  } catch {
    return 'undefined'
  }
}

test('what has ended in the background is told in direct messages', () => {
  const hint = '\n💡 `history` shows how it went, `notify off` ends these messages'
  const ended = event('order_expired', order)
  expect(wording({ kind: 'task.ended', event: ended }).text).toBe(`🔔 BYND order expired: sell 1,000 @ $0.70${hint}`)
})

const unreadable = { kind: 'event.unreadable' as const, id: 7, type: 'order_error' }
const toOwners: [OwnerNotice, string][] = [
  [
    { ...unreadable, done: 'told' },
    '🚨 The details of an event (order_error, 7) cannot be read. It was told without them.',
  ],
  [
    { ...unreadable, done: 'told as it is' },
    '🚨 The details of an event (order_error, 7) cannot be read. It was told as it is; the guardian proposed nothing.',
  ],
  [
    { ...unreadable, done: 'account closed' },
    '🚨 The details of an event (order_error, 7) cannot be read. The account is halted and closed all the same.',
  ],
  [
    { ...unreadable, done: 'position closed', symbol: 'BYND' },
    '🚨 The details of an event (order_error, 7) cannot be read. The position in BYND is closed all the same.',
  ],
  [
    { kind: 'event.unknown', id: 7, type: 'trading.new' },
    '🚨 A critical event (trading.new, 7) is not known to this version of the desk, or names no position. Nothing was done about it; it waits for a version that knows it. Look at the positions yourself.',
  ],
  [
    { kind: 'job.unreadable', queue: 'alerts', job: 'a-1' },
    '🚨 A job of the queue alerts (a-1) cannot be read. It was left out; the sweep does what it was about.',
  ],
  [{ kind: 'reply.unreadable', row: 3 }, '🚨 A message in the outbox (row 3) cannot be read. It was not posted.'],
]

test.each(toOwners)('owners are told of %j', (about, text) => {
  expect(wording({ kind: 'owners.alarmed', about }).text).toBe(text)
})
