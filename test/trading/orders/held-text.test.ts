import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { quantityText } from '../../../src/base/format.ts'
import { verdictText } from '../../../src/talk/wording/shortfall.ts'
import { heldRefusal } from '../../../src/trading/orders/order-refusals.ts'
import type { AnyOrder } from '../../../src/trading/orders/rows/orders.ts'

const big = (amount: number | string) => new Big(amount)

/** An order to sell BYND, as far as it is spoken of; without a number it is one at the market of which the venue has said nothing yet. */
function selling(quantity: number, number?: number): AnyOrder {
  const limit = number === undefined ? undefined : { price: big('1.10') }
  return {
    ...{ side: 'sell', symbol: 'BYND', purpose: 'trim', limit, number, state: 'working' },
    ...{ quantity: big(quantity), filledQuantity: big(0) },
  } as AnyOrder
}

describe('a refusal of more than is free', () => {
  test.each([
    [
      'one order with a limit',
      [2000, [selling(3000, 4)]],
      'Free: 2,000 of 5,000 BYND (3,000 held by order 4)',
      '`trim 2000 BYND` takes what is free; `cancel 4` frees it; `close BYND`',
    ],
    [
      'an order at the market beside it, which nobody can cancel',
      [2000, [selling(1000, 4), selling(2000)]],
      'Free: 2,000 of 5,000 BYND (1,000 held by order 4, 2,000 held by an order (SELL 2,000 BYND))',
      '`cancel 4` frees 1,000; `close BYND`',
    ],
    [
      'what is on its way out beside it',
      [0, [selling(1000, 4)]],
      'Free: 0 of 5,000 BYND (1,000 held by order 4, 4,000 on the way out)',
      '`cancel 4` frees it; `close BYND`',
    ],
    [
      'everything',
      [0, [selling(5000, 4)]],
      'Free: 0 of 5,000 BYND (5,000 held by order 4)',
      '`cancel 4` frees it; `close BYND`',
    ],
  ] as const)('names %s, and what each frees', (_, [available, holding], sentence, instead) => {
    const { text } = heldRefusal('BYND', big(5000), big(available), [...holding])
    expect(text).toContain(`${sentence}. Nothing was done.\n💡 `)
    expect(text).toContain(instead)
  })
})

test.each([
  ['0', 'no difference'],
  ['0.004', 'no difference'],
  ['-0.004', 'no difference'],
  ['0.006', '$0.01 worse'],
  ['-1.2', '$1.20 better'],
])('a shortfall of %s dollars is %s', (dollars, words) => expect(verdictText(big(dollars))).toBe(words))

test.each([
  ['0.00012345', '0.00012345'],
  ['3750', '3,750'],
  ['183.428571428571', '183.43'],
  ['469.375', '469.375'],
])('%s units are written as %s', (units, text) => expect(quantityText(big(units))).toBe(text))
