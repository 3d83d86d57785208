import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { isOfNewUnits } from '../../../src/trading/corporate-actions/rules/split.ts'
import { isOfOldUnits } from '../../../src/trading/positions/present-quotes.ts'

const ratio = (to: number, from: number) => ({ to: new Big(to), from: new Big(from) })

test.each([
  ['0.60', '0.60', [1, 10], false],
  ['1.89', '0.60', [1, 10], false],
  ['1.90', '0.60', [1, 10], true],
  ['6.00', '0.60', [1, 10], true],
  ['190', '190', [2, 1], false],
  ['135', '190', [2, 1], false],
  ['134', '190', [2, 1], true],
  ['95', '190', [2, 1], true],
  ['60', '90', [3, 2], true],
  ['88', '90', [3, 2], false],
] as const)('$%s after $%s is a price of %j: %s', (price, before, [to, from], isNew) => {
  expect(isOfNewUnits(new Big(price), new Big(before), ratio(to, from))).toBe(isNew)
})

// Split on a Friday evening; the exchange opens on Monday at 9:30 in New York.
const at = new Date('2026-11-20T22:00:00Z')
const split = { ratio: ratio(1, 10), at, oldPrice: new Big('0.60') }
const [before, after] = [new Date('2026-11-20T20:59:00Z'), new Date('2026-11-20T22:30:00Z')]
const [early, open] = [new Date('2026-11-23T14:29:59Z'), new Date('2026-11-23T14:30:00Z')]

test.each([
  ['seen before the split, whatever it is', '6.00', before, early, split, true],
  ['seen before the split, also when the exchange is open again', '0.60', before, open, split, true],
  ['as old shares cost, before the first session', '0.61', after, early, split, true],
  ['as new shares cost, before the first session', '6.10', after, early, split, false],
  ['as old shares cost, in the first session', '0.61', after, open, split, false],
  [
    'of a split after which the market showed new prices',
    '0.61',
    after,
    early,
    { ...split, oldPrice: undefined },
    false,
  ],
  ['of what was never split', '0.61', after, early, undefined, false],
] as const)('a price %s', (_, last, seenAt, now, of, isOld) => {
  expect(isOfOldUnits({ symbol: 'BYND', last: new Big(last), at: seenAt }, of, now)).toBe(isOld)
})
