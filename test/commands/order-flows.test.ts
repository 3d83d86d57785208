import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/chat/refusal.ts'
import type { Given } from '../../src/classify/slots.ts'
import { type Cancelling, nextOfCancel } from '../../src/commands/cancel-order.ts'
import { nextOfCloseAll } from '../../src/commands/close-all.ts'
import { type Closing, nextOfClose } from '../../src/commands/close-position.ts'
import type { Ask } from '../../src/commands/command.ts'
import { nextOfMove } from '../../src/commands/move-order.ts'
import { nextOfTrade } from '../../src/commands/trade.ts'
import type { Ground, Trade, Verb } from '../../src/commands/trade-plan.ts'
import { nextOfUndo } from '../../src/commands/undo.ts'
import type { Position } from '../../src/ledger/positions.ts'
import type { Sent, Undoable } from '../../src/ledger/undoables.ts'
import type { RestingOrder } from '../../src/ledger/working-orders.ts'
import type { Instrument, Quote } from '../../src/market/market.ts'
import { Big, zero } from '../../src/trading/amounts.ts'

const at = new Date('2026-11-20T15:00:00Z')
const bynd: Instrument = { symbol: 'BYND', name: 'Beyond', lot: new Big(1), tick: new Big('0.01') }
const quoteAt = (bid: string, ask = bid): Quote => ({
  symbol: 'BYND',
  bid: new Big(bid),
  ask: new Big(ask),
  last: new Big(bid),
  at,
  source: 'hand',
})
const held = (signedQuantity: number, more: Partial<Position> = {}): Position => ({
  id: 7,
  accountId: 1,
  symbol: 'BYND',
  signedQuantity: new Big(signedQuantity),
  openCost: new Big(Math.abs(signedQuantity)).times('0.63'),
  realizedPnl: zero,
  workingQuantity: zero,
  limitQuantity: zero,
  version: 3,
  conversationId: 1,
  openedAt: at,
  ...more,
})

/** An outcome in short: what is asked (its name and its choices), the code of a refusal, or what is done. */
function short(outcome: Ask | Refusal | { declined: true } | Closing | Trade | { price: Big }): unknown {
  if (outcome instanceof Refusal) return outcome.code
  if ('ask' in outcome) return [outcome.ask.name, ...outcome.ask.choices.map(({ value }) => value)].join(' ')
  return JSON.parse(JSON.stringify(outcome))
}

/** The flow goes on with an answer to what it asked. */
const answered = (outcome: unknown, answer: string): Given => {
  const { ask, given } = outcome as Ask
  return { ...given, [ask.name]: answer }
}

describe('what closing still needs to know', () => {
  const next = (given: Given, position = held(3750), bid = '1.01') => nextOfClose(position, bynd, quoteAt(bid), given)

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
    expect((next({ fraction: '0.5' }) as Ask).text).toContain('Quantity: 1,875')
  })

  test('is the price after the limit was chosen, then nothing', () => {
    const limit = next(answered(next({}), 'limit'))
    expect((limit as Ask).text).toBe('Enter your limit price to sell 3,750 BYND:')
    expect(short(next(answered(limit, '@ $1.05')))).toEqual({ quantity: '3750', isAll: true, limitPrice: '1.05' })
    expect(short(next(answered(limit, 'soon')))).toBe('PRICE_NOT_A_NUMBER')
    const sure = next(answered(limit, '0.5'))
    expect((sure as Ask).text).toContain('a sell limit of $0.50 is far below it and fills at once.')
    expect(short(next(answered(sure, 'yes')))).toEqual({ quantity: '3750', isAll: true, limitPrice: '0.5' })
  })

  test('is asked again when there is more, or another position, than the question showed, and not when there is less', () => {
    const market = answered(next({}), 'market')
    expect(short(next(market, held(2000)))).toEqual({ quantity: '2000', isAll: true })
    for (const other of [held(5000), held(3750, { id: 8 }), held(-3750)]) {
      expect((next(market, other) as Ask).text).toContain('⚠️ The position changed meanwhile.')
    }
    const half = answered(next({ fraction: '0.5' }), 'market')
    expect(short(next(half, held(9000)))).toEqual({ quantity: '1875', isAll: false })
  })

  test('is nothing where all of it is on its way: that is told by who carries it out', () => {
    expect(short(next({}, held(100, { workingQuantity: new Big(100) })))).toEqual({ quantity: '100', isAll: true })
  })
})

describe('what an order still needs to know', () => {
  const ground = (
    verb: Verb,
    position?: Position,
    bid = '1.01',
    confirmAbove: string | undefined = '25000',
  ): Ground => ({
    verb,
    instrument: bynd,
    quote: quoteAt(bid),
    position,
    confirmAbove: confirmAbove ? new Big(confirmAbove) : undefined,
  })
  const exit = (quantity: string, isAll = false) => ({ positionId: 7, quantity, isAll })

  test.each<[string, Verb, Position | undefined, Given, unknown]>([
    ['a quantity', 'buy', undefined, {}, 'part'],
    ['nothing to open', 'buy', undefined, { quantity: '500' }, { side: 'buy', enter: '500', price: '1.01' }],
    ['nothing to add', 'buy', held(100), { quantity: '500' }, { side: 'buy', enter: '500', price: '1.01' }],
    ['nothing to buy back', 'buy', held(-100), { quantity: '40' }, { side: 'buy', exit: exit('40'), price: '1.01' }],
    ['how far, beyond a short one', 'buy', held(-100), { quantity: '250' }, 'sure only turn no'],
    ['nothing to sell', 'sell', held(100), { quantity: '40' }, { side: 'sell', exit: exit('40'), price: '1.01' }],
    ['nothing to sell half', 'sell', held(101), { fraction: '0.5' }, { side: 'sell', exit: exit('50'), price: '1.01' }],
    [
      'nothing to sell all',
      'sell',
      held(99),
      { fraction: '1' },
      { side: 'sell', exit: exit('99', true), price: '1.01' },
    ],
    ['how far, beyond what is open', 'sell', held(3750), { quantity: '5000' }, 'sure only turn no'],
    ['a limit turns nothing round', 'sell', held(3750), { quantity: '5000', price: '1.05' }, 'sure only no'],
    ['whether short is meant', 'sell', undefined, { quantity: '500' }, 'sure yes no'],
    ['whether shorter is meant', 'sell', held(-100), { quantity: '500' }, 'sure yes no'],
    [
      'nothing to add to a short one',
      'add',
      held(-100),
      { quantity: '5' },
      { side: 'sell', enter: '5', price: '1.01' },
    ],
    ['nothing to add half', 'add', held(100), { fraction: '0.5' }, { side: 'buy', enter: '50', price: '1.01' }],
    ['no more than is open', 'trim', held(100), { quantity: '101' }, 'QUANTITY_EXCEEDS_POSITION'],
    ['whether it is meant, as it is large', 'buy', undefined, { quantity: '25000' }, 'sure yes no'],
    ['whether it is meant, out of a position', 'trim', held(30000), { quantity: '25000' }, 'sure yes no'],
    ['whether a strange limit is meant', 'buy', undefined, { quantity: '5', price: '2' }, 'sure yes no'],
    ['a price on the tick', 'buy', undefined, { quantity: '5', price: '.953' }, 'PRICE_OFF_TICK'],
    [
      'a limit',
      'buy',
      undefined,
      { quantity: '5', price: '.95' },
      { side: 'buy', enter: '5', limitPrice: '0.95', price: '0.95' },
    ],
    ['nothing, as the answer was no', 'buy', undefined, { quantity: '5', sure: 'no' }, { declined: true }],
    ['a number', 'buy', undefined, { fraction: '0.5' }, 'QUANTITY_NOT_A_NUMBER'],
    ['a number and nothing else', 'sell', held(100), { part: '40 tomorrow' }, 'QUANTITY_NOT_A_NUMBER'],
    [
      'nothing after the part was said with a limit',
      'sell',
      held(100),
      { part: '40 @ 1.05' },
      { side: 'sell', exit: exit('40'), limitPrice: '1.05', price: '1.05' },
    ],
    ['a number, again', 'sell', held(100), { part: 'lots' }, 'QUANTITY_NOT_A_NUMBER'],
    [
      'nothing after the part was asked',
      'sell',
      held(100),
      { part: '40%' },
      { side: 'sell', exit: exit('40'), price: '1.01' },
    ],
  ])('is %s (%s)', (_, verb, position, given, expected) => {
    expect(short(nextOfTrade(ground(verb, position), given))).toEqual(expected)
  })

  test('is not asked for its size where nothing is confirmed', () => {
    const { confirmAbove: _, ...never } = ground('buy')
    expect(short(nextOfTrade(never, { quantity: '900000' }))).toMatchObject({ enter: '900000' })
  })

  test('is shown with side, quantity, price and all that it comes to', () => {
    expect((nextOfTrade(ground('buy'), { quantity: '30000' }) as Ask).text).toBe(
      [
        '🤔 CONFIRM: BUY 30,000 BYND',
        'At the market, about $1.01 each, $30,300.00 in all',
        'More than the $25,000.00 above which the desk asks (`confirm`).',
        '  1️⃣  YES - Send it',
        '  2️⃣  NO - Leave it',
        '',
        '💡 Reply with 1 or 2',
      ].join('\n'),
    )
    expect((nextOfTrade(ground('sell', held(3750)), { quantity: '5000' }) as Ask).text).toBe(
      [
        '🤔 SELL 5,000 BYND',
        'At the market, about $1.01 each, $5,050.00 in all',
        'You have LONG 3,750 BYND @ $0.63.',
        '  1️⃣  Sell the 3,750 only',
        '  2️⃣  Sell 5,000 and be SHORT 1,250',
        '  3️⃣  Nothing',
        '',
        '💡 Reply with 1, 2, or 3',
      ].join('\n'),
    )
    const short = nextOfTrade(ground('sell'), { quantity: '500' }) as Ask
    expect(short.text).toContain('You have none, so this is a short sale: you would be SHORT 500.')
  })

  test('an answer does what the question showed', () => {
    const turning = ground('sell', held(3750))
    const asked = nextOfTrade(turning, { quantity: '5000' })
    expect(short(nextOfTrade(turning, answered(asked, 'only')))).toEqual({
      side: 'sell',
      exit: exit('3750'),
      price: '1.01',
    })
    expect(short(nextOfTrade(turning, answered(asked, 'turn')))).toEqual({
      side: 'sell',
      exit: exit('3750'),
      enter: '1250',
      price: '1.01',
    })
    expect(short(nextOfTrade(turning, answered(asked, 'no')))).toEqual({ declined: true })
  })

  test.each<[string, Position | undefined]>([
    ['less is open', held(3000)],
    ['more is open', held(4000)],
    ['nothing is open', undefined],
    ['another one is open', held(3750, { id: 9 })],
    ['it has turned round', held(-3750)],
  ])('an answer is asked for again when %s than the question showed', (_, position) => {
    const asked = nextOfTrade(ground('sell', held(3750)), { quantity: '5000' })
    const again = nextOfTrade(ground('sell', position), answered(asked, 'turn')) as Ask
    expect(again.text).toContain('⚠️ The position changed meanwhile.')
  })

  test('an answer is asked for again when the price got worse by more than a hundredth, and not when it got better', () => {
    const large = { quantity: '30000' }
    const yes = answered(nextOfTrade(ground('buy'), large), 'yes')
    expect(short(nextOfTrade(ground('buy', undefined, '1.015'), yes))).toMatchObject({ enter: '30000' })
    expect(short(nextOfTrade(ground('buy', undefined, '0.90'), yes))).toMatchObject({ enter: '30000' })
    const again = nextOfTrade(ground('buy', undefined, '1.03'), yes) as Ask
    expect(again.text).toContain('⚠️ The price moved meanwhile.')
    expect(again.text).toContain('about $1.03 each, $30,900.00 in all')
    expect(short(nextOfTrade(ground('buy', undefined, '1.03'), answered(again, 'yes')))).toMatchObject({
      enter: '30000',
    })
  })

  test('all of a position is what is left of it, and never more than was shown', () => {
    const asked = nextOfTrade(ground('sell', held(30000)), { fraction: '1' })
    const yes = answered(asked, 'yes')
    expect(short(nextOfTrade(ground('sell', held(20000)), yes))).toMatchObject({ exit: exit('20000', true) })
    expect(short(nextOfTrade(ground('sell', held(40000)), yes))).toMatchObject({ exit: exit('30000', true) })
  })
})

const order = (number: number, more: Partial<RestingOrder> = {}): RestingOrder => ({
  id: number + 100,
  number,
  symbol: 'BYND',
  side: 'sell',
  quantity: new Big(3750),
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
    expect(short(nextOfMove(order(1), bynd, quoteAt('1.01'), given))).toEqual(expected)
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
    const asked = nextOfCloseAll(marked(held(3750), amd), {}) as Ask
    expect(asked.text).toContain(
      '🚪 CLOSE ALL 2 POSITIONS at the market?\nLONG 3,750 BYND @ $0.63\nLONG 10 AMD @ $0.63',
    )
    const yes = answered(asked, 'yes')
    expect(nextOfCloseAll(marked(held(3750), amd), yes)).toHaveLength(2)
    expect(nextOfCloseAll(marked(held(100)), yes)).toHaveLength(1)
    expect(nextOfCloseAll(marked(held(3750), amd), answered(asked, 'no'))).toEqual({ declined: true })
    for (const changed of [
      [held(4000), amd],
      [held(-3750), amd],
      [held(3750), amd, held(1, { id: 9 })],
    ]) {
      expect((nextOfCloseAll(marked(...changed), yes) as Ask).text).toContain('⚠️ The positions changed meanwhile.')
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
    [{ state: 'resting', number: 4 }, /selling 5 BYND was sent, and works\.\n💡 `cancel 4` takes it back/],
    [{ state: 'working' }, /selling 5 BYND was sent\./],
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
