import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import type { Ask } from '../../../src/talk/commands/command.ts'
import { nextOfTrade } from '../../../src/talk/commands/orders/trade.ts'
import type { Ground, Verb } from '../../../src/talk/commands/orders/trade-plan.ts'
import type { Given } from '../../../src/talk/language/slots.ts'
import type { Position } from '../../../src/trading/positions/rows/positions.ts'
import { answered, bynd, held, quoteAt, said, short } from './asked.ts'

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
      { side: 'sell', enter: '5', onto: 7, price: '1.01' },
    ],
    [
      'nothing to add half',
      'add',
      held(100),
      { fraction: '0.5' },
      { side: 'buy', enter: '50', onto: 7, price: '1.01' },
    ],
    ['a number, where nothing is taken from', 'buy', held(100), { fraction: '0.5' }, 'QUANTITY_NOT_A_NUMBER'],
    ['one of market and limit', 'sell', held(100), { quantity: '5', now: 'yes', price: '2' }, 'NOW_AND_LIMIT'],
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
    expect(short(nextOfTrade(ground(verb, position), said(given)))).toEqual(expected)
  })

  test('is not asked for its size where nothing is confirmed', () => {
    const { confirmAbove: _, ...never } = ground('buy')
    expect(short(nextOfTrade(never, said({ quantity: '900000' })))).toMatchObject({ enter: '900000' })
  })

  test('is shown with side, quantity, price and all that it comes to', () => {
    expect((nextOfTrade(ground('buy'), said({ quantity: '30000' })) as Ask).text).toBe(
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
    expect((nextOfTrade(ground('sell', held(3750)), said({ quantity: '5000' })) as Ask).text).toBe(
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
    const short = nextOfTrade(ground('sell'), said({ quantity: '500' })) as Ask
    expect(short.text).toContain('You have none, so this is a short sale: you would be SHORT 500.')
  })

  test('an answer does what the question showed', () => {
    const turning = ground('sell', held(3750))
    const asked = nextOfTrade(turning, said({ quantity: '5000' }))
    expect(short(nextOfTrade(turning, ...answered(asked, 'only')))).toEqual({
      side: 'sell',
      exit: exit('3750'),
      price: '1.01',
    })
    expect(short(nextOfTrade(turning, ...answered(asked, 'turn')))).toEqual({
      side: 'sell',
      exit: exit('3750'),
      enter: '1250',
      price: '1.01',
    })
    expect(short(nextOfTrade(turning, ...answered(asked, 'no')))).toEqual({ declined: true })
  })

  test.each<[string, Position | undefined]>([
    ['less is open', held(3000)],
    ['more is open', held(4000)],
    ['nothing is open', undefined],
    ['another one is open', held(3750, { id: 9 })],
    ['it has turned round', held(-3750)],
  ])('an answer is asked for again when %s than the question showed', (_, position) => {
    const asked = nextOfTrade(ground('sell', held(3750)), said({ quantity: '5000' }))
    const again = nextOfTrade(ground('sell', position), ...answered(asked, 'turn')) as Ask
    expect(again.text).toContain('⚠️ The position changed meanwhile.')
  })

  test('an answer is asked for again when the price got worse by more than a hundredth, and not when it got better', () => {
    const large = { quantity: '30000' }
    const yes = answered(nextOfTrade(ground('buy'), said(large)), 'yes')
    expect(short(nextOfTrade(ground('buy', undefined, '1.015'), ...yes))).toMatchObject({ enter: '30000' })
    expect(short(nextOfTrade(ground('buy', undefined, '0.90'), ...yes))).toMatchObject({ enter: '30000' })
    const again = nextOfTrade(ground('buy', undefined, '1.03'), ...yes) as Ask
    expect(again.text).toContain('⚠️ The price moved meanwhile.')
    expect(again.text).toContain('about $1.03 each, $30,900.00 in all')
    expect(short(nextOfTrade(ground('buy', undefined, '1.03'), ...answered(again, 'yes')))).toMatchObject({
      enter: '30000',
    })
  })

  test('all of a position is what is left of it, and never more than was shown', () => {
    const asked = nextOfTrade(ground('sell', held(30000)), said({ fraction: '1' }))
    const yes = answered(asked, 'yes')
    expect(short(nextOfTrade(ground('sell', held(20000)), ...yes))).toMatchObject({ exit: exit('20000', true) })
    expect(short(nextOfTrade(ground('sell', held(40000)), ...yes))).toMatchObject({ exit: exit('30000', true) })
  })

  test.each<[string, Verb, Position | undefined, Given, unknown]>([
    ['whether the shares for the dollars are meant', 'buy', undefined, { dollars: '5000' }, 'sure yes no'],
    ['the same for a sale', 'sell', held(3750), { dollars: '2000' }, 'sure yes no'],
    ['how far, beyond what is open', 'sell', held(1000), { dollars: '2000' }, 'sure only turn no'],
    ['enough dollars for a share', 'buy', undefined, { dollars: '1' }, 'QUANTITY_BELOW_LOT'],
    ['dollars within reason', 'buy', undefined, { dollars: '0' }, 'QUANTITY_NOT_A_NUMBER'],
    ['one amount', 'buy', undefined, { dollars: '500', quantity: '5' }, 'TWO_AMOUNTS'],
    ['the price of a limit without one', 'buy', undefined, { quantity: '10', how: 'limit' }, 'price'],
    ['one of market and limit', 'buy', undefined, { quantity: '10', how: 'limit', now: 'yes' }, 'NOW_AND_LIMIT'],
    ['nothing to leave 500', 'trim', held(3750), { leave: '500' }, { side: 'sell', exit: exit('3250'), price: '1.01' }],
    ['something above what is to be left', 'trim', held(300), { leave: '500' }, 'QUANTITY_EXCEEDS_POSITION'],
  ])('is %s (%s)', (_, verb, position, given, expected) => {
    expect(short(nextOfTrade(ground(verb, position), said(given)))).toEqual(expected)
  })

  test('is shown with the dollars and the shares that they become', () => {
    const asked = nextOfTrade(ground('buy', undefined, '0.64'), said({ dollars: '5000' }))
    expect((asked as Ask).text).toBe(
      [
        '🤔 CONFIRM: BUY 7,812 BYND',
        'At the market, about $0.64 each, $4,999.68 in all',
        '$5,000.00 of BYND at $0.64: 7,812 shares.',
        '  1️⃣  YES - Send it',
        '  2️⃣  NO - Leave it',
        '',
        '💡 Reply with 1 or 2',
      ].join('\n'),
    )
    // A yes buys the shares that were shown, also when they are cheaper by then.
    expect(short(nextOfTrade(ground('buy', undefined, '0.60'), ...answered(asked, 'yes')))).toEqual({
      side: 'buy',
      enter: '7812',
      price: '0.6',
    })
  })

  test('is a limit price, and then the question for the shares that the dollars become at it', () => {
    const asked = nextOfTrade(ground('buy'), said({ dollars: '500', how: 'limit' }))
    expect((asked as Ask).text).toBe('Enter your limit price to buy $500.00 of BYND:')
    expect((nextOfTrade(ground('buy'), ...answered(asked, '1.00')) as Ask).text).toContain(
      '$500.00 of BYND at $1.00: 500 shares.',
    )
    const ten = nextOfTrade(ground('buy'), said({ part: '10', how: 'limit' }))
    expect(short(nextOfTrade(ground('buy'), ...answered(ten, '0.95')))).toMatchObject({
      enter: '10',
      limitPrice: '0.95',
    })
  })
})
