import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { packed, unpacked } from '../../../src/talk/commands/schedule/shown-words.ts'

describe('what a row of an order for later keeps of what was shown', () => {
  test.each([
    ['sell:7:1005:0:0.705:3000', 'sell', { positionId: 7, quantity: new Big(1005), isAll: false }, undefined],
    ['sell:7:3755:1245:0.6:3755', 'sell', { positionId: 7, quantity: new Big(3755), isAll: false }, new Big(1245)],
    ['buy::0:9:0.6:0', 'buy', undefined, new Big(9)],
    ['buy:7:40:0:1.01:-100', 'buy', { positionId: 7, quantity: new Big(40), isAll: false }, undefined],
  ])('%s is read, and written again as it was', (words, side, exit, enter) => {
    const shown = unpacked(words)!
    expect(shown).toMatchObject({ flow: 'trade', v: 1, side, price: new Big(words.split(':')[4]!) })
    expect([shown.exit, shown.enter]).toEqual([exit, enter])
    expect(packed(shown)).toBe(words)
  })

  test.each([undefined, '', 'sell', 'hold:7:1005:0:0.705:3000', 'sell:7:1005:0:?:3000'])('%j is nothing', (words) => {
    expect(unpacked(words)).toBeUndefined()
  })
})
