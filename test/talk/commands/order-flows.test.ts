import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { Refusal } from '../../../src/base/refusal.ts'
import type { Ask } from '../../../src/talk/commands/command.ts'
import { type Cancelling, nextOfCancel } from '../../../src/talk/commands/orders/cancel-order.ts'
import { nextOfCloseAll } from '../../../src/talk/commands/orders/close-all.ts'
import { type CloseState, nextOfClose } from '../../../src/talk/commands/orders/close-position.ts'
import { nextOfMove } from '../../../src/talk/commands/orders/move-order.ts'
import { nextOfUndo } from '../../../src/talk/commands/orders/undo.ts'
import type { SlotValues } from '../../../src/talk/commands/slot-values.ts'
import type { Given } from '../../../src/talk/language/slots.ts'
import type { RestingOrder } from '../../../src/trading/orders/rows/working-orders.ts'
import type { Position } from '../../../src/trading/positions/rows/positions.ts'
import type { Sent, Undoable } from '../../../src/trading/positions/rows/undoables.ts'
import { answered, at, bynd, held, quoteAt, said, short } from './asked.ts'

describe('what closing still needs to know', () => {
  const then = ([slots, shown]: [SlotValues, CloseState?], position = held(3750), bid = '1.01') =>
    nextOfClose(position, bynd, quoteAt(bid), slots, { shown })
  const next = (given: Given) => then([said(given)])

  test.each<[string, Given, unknown]>([
    ['how', {}, 'how market limit'],
    ['how, of a half', { fraction: '0.5' }, 'how market limit'],
    ['nothing when it is to be now', { now: 'yes' }, { quantity: '3750', isAll: true }],
    ['nothing when all is to be closed now', { now: 'yes', fraction: '1' }, { quantity: '3750', isAll: true }],
    ['nothing when half is to be closed now', { now: 'yes', fraction: '0.5' }, { quantity: '1875', isAll: false }],
    ['nothing with a limit', { price: '1.05' }, { quantity: '3750', isAll: true, limitPrice: '1.05' }],
    ['whether a limit far below the market is meant', { price: '.10' }, 'sure yes no'],
    ['whether a limit far above the market is meant', { price: '10.5' }, 'sure yes no'],
    ['a price on the tick', { price: '1.053' }, 'PRICE_OFF_TICK'],
    ['a price above zero', { price: '-1' }, 'PRICE_NOT_POSITIVE'],
    ['a quantity', { quantity: '0' }, 'QUANTITY_NOT_POSITIVE'],
    ['no more than is open', { quantity: '3751' }, 'QUANTITY_EXCEEDS_POSITION'],
    ['one of market and limit', { now: 'yes', price: '1.05' }, 'NOW_AND_LIMIT'],
    ['nothing, as the answer was no', { price: '.10', sure: 'no' }, { declined: true }],
  ])('is %s', (_, given, expected) => {
    expect(short(next(given))).toEqual(expected)
  })

  test('is asked as the house asks it', () => {
    expect((next({}) as Ask).text).toBe(
      [
        '🚪 CLOSE LONG 3,750 BYND @ $0.63 · now $1.01, P&L $+1,425.00',
        '  1️⃣  Market - Close immediately',
        '  2️⃣  Limit - Enter your limit price',
        '',
        '💡 Reply with 1 or 2',
      ].join('\n'),
    )
    // $0.38 each: what half of it would lock in.
    expect((next({ fraction: '0.5' }) as Ask).text).toMatch(/P&L \$\+712\.50\nQuantity: 1,875 of 3,750/)
  })

  test('is the price after the limit was chosen, then nothing', () => {
    const limit = then(answered(next({}), 'limit'))
    expect((limit as Ask).text).toBe('Enter your limit price to sell 3,750 BYND:')
    expect(short(then(answered(limit, '@ $1.05')))).toEqual({ quantity: '3750', isAll: true, limitPrice: '1.05' })
    expect(short(then(answered(limit, 'soon')))).toBe('PRICE_NOT_A_NUMBER')
    const sure = then(answered(limit, '0.5'))
    expect((sure as Ask).text).toContain('a sell limit of $0.50 is far below it and fills at once.')
    expect(short(then(answered(sure, 'yes')))).toEqual({ quantity: '3750', isAll: true, limitPrice: '0.5' })
  })

  test('is asked again when there is more, or another position, than the question showed, and not when there is less', () => {
    const market = answered(next({}), 'market')
    expect(short(then(market, held(2000)))).toEqual({ quantity: '2000', isAll: true })
    for (const other of [held(5000), held(3750, { id: 8 }), held(-3750)]) {
      expect((then(market, other) as Ask).text).toContain('⚠️ The position changed meanwhile.')
    }
    const half = answered(next({ fraction: '0.5' }), 'market')
    expect(short(then(half, held(9000)))).toEqual({ quantity: '1875', isAll: false })
  })

  test('is nothing where all of it is on its way: that is told by who carries it out', () => {
    expect(short(then([said({})], held(100, { workingQuantity: new Big(100) })))).toEqual({
      quantity: '100',
      isAll: true,
    })
  })
})

const order = (number: number, more: Partial<RestingOrder> = {}): RestingOrder => ({
  id: number + 100,
  number,
  symbol: 'BYND',
  side: 'sell',
  quantity: new Big(3750),
  left: new Big(3750),
  limitPrice: new Big('1.05'),
  positionId: 7,
  createdAt: at,
  isConfirmed: true,
  ...more,
})

describe('what moving an order still needs to know', () => {
  test.each<[string, Given, unknown]>([
    ['the price', { quantity: '1' }, 'price'],
    ['nothing', { quantity: '1', price: '1.10' }, { price: '1.1' }],
    ['another price', { quantity: '1', price: '1.05' }, 'PRICE_UNCHANGED'],
    ['a price on the tick', { quantity: '1', price: '1.101' }, 'PRICE_OFF_TICK'],
    ['whether the wrong side is meant', { quantity: '1', price: '.5' }, 'sure yes no'],
    ['nothing after a yes', { quantity: '1', price: '.5', sure: 'yes' }, { price: '0.5' }],
    ['nothing after a no', { quantity: '1', price: '.5', sure: 'no' }, { declined: true }],
  ])('is %s', (_, given, expected) => {
    expect(short(nextOfMove(order(1), bynd, quoteAt('1.01'), said(given)))).toEqual(expected)
  })
})

describe('what cancelling still needs to know', () => {
  const scaleout = { symbol: 'AMD', doneChunks: 1, chunkCount: 8 }
  const none: RestingOrder[] = []
  test.each<[string, RestingOrder[], (typeof scaleout)[], Given, unknown]>([
    ['nothing with a number', [order(1), order(2)], [], { quantity: '2' }, { number: 2 }],
    ['a number that there is', [order(1)], [], { quantity: '9' }, 'NO_SUCH_ORDER'],
    ['nothing for all', [order(1), order(2)], [], { fraction: '1' }, { all: true }],
    ['that there are none', none, [scaleout], { fraction: '1' }, 'NO_ORDERS'],
    ['nothing where one works', [order(4)], [], {}, { number: 4 }],
    ['nothing where one scaleout runs', none, [scaleout], {}, { scaleout: 'AMD' }],
    ['that nothing works', none, [], {}, 'NOTHING_WORKS'],
    ['which, where several work', [order(1), order(3)], [scaleout], {}, 'which order:1 order:3 scaleout:AMD orders'],
    ['nothing where one works in the symbol', [order(1)], [scaleout], { symbol: 'AMD' }, { scaleout: 'AMD' }],
    ['nothing after an order was picked', [order(1), order(3)], [], { which: 'order:3' }, { number: 3 }],
    ['that the picked one is gone', [order(1)], [], { which: 'order:3' }, 'NO_SUCH_ORDER'],
    ['nothing after all were picked', [order(1), order(3)], [scaleout], { which: 'orders' }, { all: true }],
  ])('is %s', (_, orders, scaleouts, given, expected) => {
    expect(short(nextOfCancel(orders, scaleouts, given) as Ask | Refusal) as Cancelling).toEqual(expected)
  })
})

describe('what closing everything still needs to know', () => {
  const marked = (...positions: Position[]) => positions.map((position) => ({ position }))
  const amd = held(10, { id: 8, symbol: 'AMD' })

  test('is a yes, for what was listed and no more', () => {
    const asked = nextOfCloseAll(marked(held(3750), amd), said({})) as Ask
    expect(asked.text).toContain(
      '🚪 CLOSE ALL 2 POSITIONS at the market?\nLONG 3,750 BYND @ $0.63\nLONG 10 AMD @ $0.63',
    )
    const yes = answered(asked, 'yes')
    expect(nextOfCloseAll(marked(held(3750), amd), ...yes)).toHaveLength(2)
    expect(nextOfCloseAll(marked(held(100)), ...yes)).toHaveLength(1)
    expect(nextOfCloseAll(marked(held(3750), amd), ...answered(asked, 'no'))).toEqual({ declined: true })
    for (const changed of [
      [held(4000), amd],
      [held(-3750), amd],
      [held(3750), amd, held(1, { id: 9 })],
    ]) {
      expect((nextOfCloseAll(marked(...changed), ...yes) as Ask).text).toContain('⚠️ The positions changed meanwhile.')
    }
  })
})

describe('what undoing comes to', () => {
  const seconds = (count: number) => new Date(at.getTime() + count * 1000)
  const recorded = { what: 'recording LONG 5 BYND @ $1.00', at, kind: 'record' } as Undoable
  const sent = (more: Partial<Sent>) =>
    ({ kind: 'order', state: 'filled', symbol: 'BYND', side: 'sell', quantity: new Big(5), at, ...more }) as Sent
  const code = (...given: Parameters<typeof nextOfUndo>) => {
    const outcome = nextOfUndo(...given)
    return outcome instanceof Refusal ? outcome.code : outcome.what
  }

  test.each<[string, Parameters<typeof nextOfUndo>, string]>([
    ['what was recorded', [recorded, undefined, undefined, seconds(60)], recorded.what],
    ['nothing after a minute', [recorded, undefined, undefined, seconds(61)], 'UNDO_TOO_LATE'],
    ['nothing twice', [{ ...recorded, undoneAt: at }, undefined, undefined, seconds(1)], 'UNDONE_ALREADY'],
    ['nothing of an order', [recorded, sent({ at: seconds(1) }), undefined, seconds(2)], 'CANNOT_UNDO'],
    ['nothing of a scaleout', [undefined, sent({ kind: 'scaleout' }), undefined, seconds(2)], 'CANNOT_UNDO'],
    ['what came after an order', [recorded, sent({ at: seconds(-9) }), undefined, seconds(2)], recorded.what],
    ['nothing', [undefined, undefined, undefined, at], 'NOTHING_TO_UNDO'],
    ["nothing of somebody else's", [undefined, undefined, { what: 'it', name: 'bob' }, at], 'NOT_YOURS_TO_UNDO'],
  ])('is %s', (_, given, expected) => {
    expect(code(...given)).toBe(expected)
  })

  test.each<[Partial<Sent>, RegExp]>([
    [{ state: 'filled' }, /An order cannot be undone: selling 5 BYND was filled\./],
    [{ state: 'working', number: 4 }, /selling 5 BYND was sent, and works\.\n💡 `cancel 4` takes it back/],
    [{ state: 'unknown' }, /selling 5 BYND was sent\./],
    [
      { kind: 'later', what: 'CLOSE BYND at 3:55', number: 4, isWaiting: true },
      /CLOSE BYND at 3:55\.\n💡 `schedule cancel 4`/,
    ],
    [{ kind: 'scaleout', isRunning: true } as Partial<Sent>, /A scaleout cannot be undone.*\n.*`cancel scaleout BYND`/],
  ])('says what was sent: %o', (more, expected) => {
    const refusal = nextOfUndo(undefined, sent(more), undefined, at)
    expect((refusal as Refusal).text).toMatch(expected)
  })
})
