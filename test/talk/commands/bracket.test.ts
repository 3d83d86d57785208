import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { working } from './working.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(() => {
  market.set('BYND', '0.63')
  market.set('AAPL', '190')
  market.stale('BYND')
})

describe('bracket', () => {
  test('of chosen levels, to the letter', async ({ alice }) => {
    market.set('BYND', '0.50')
    await alice.say('long BYND 1000 @ .50')
    expect(await alice.say('bracket')).toBe(`🎯 BRACKET ORDER — LONG 1,000 BYND @ $0.50
  1️⃣  Quick Setup (stop -10%, target +20%)
  2️⃣  Custom Setup (choose your levels)`)
    expect(await alice.say('2')).toBe('Enter stop loss price:')
    expect(await alice.say('0.45')).toBe('Enter take profit price:')
    expect(await alice.say('0.70')).toBe(`🎯 BRACKET ORDER SET
Stop: $0.45 (-10.00%)
Target: $0.70 (+40.00%)`)
    expect(await working(desk, alice)).toEqual([
      { kind: 'stop', price: '0.45', quantity: '1000', trail: null },
      { kind: 'target', price: '0.7', quantity: '1000', trail: null },
    ])
  })

  test('of the quick setup is -10% and +20% on the average entry price', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .60')
    await alice.say('bracket bynd')
    expect(await alice.say('quick setup')).toBe('🎯 BRACKET ORDER SET\nStop: $0.54 (-10.00%)\nTarget: $0.72 (+20.00%)')
  })

  test('of a short position is the other way round', async ({ alice }) => {
    await alice.say('short AAPL 10 @ 200')
    await alice.say('bracket')
    expect(await alice.say('1')).toBe('🎯 BRACKET ORDER SET\nStop: $220.00 (-10.00%)\nTarget: $160.00 (+20.00%)')
  })

  test('takes percentages too', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('bracket')
    await alice.say('2')
    await alice.say('5%')
    expect(await alice.say('40%')).toBe('🎯 BRACKET ORDER SET\nStop: $0.5985 (-5.00%)\nTarget: $0.882 (+40.00%)')
  })

  test.for([
    ['.70', '⚠️ The stop of a long position must be below the price: $0.70 is not below $0.63. Nothing was done.'],
    ['0', '⚠️ The price must be more than zero.'],
    ['-3', '⚠️ The price must be more than zero.'],
    ['0.006', '⚠️ A stop at $0.006 is more than 10 times away from the price, $0.63. Nothing was done.'],
    ['soon', '⚠️ "soon" is not a price.'],
    ['0%', '⚠️ A level 0% away is the entry itself.'],
  ] as const)('asks again, with the reason, for a stop of %s', async ([text, reason], { alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('bracket')
    await alice.say('2')
    const again = await alice.say(text)
    expect(again).toContain(reason)
    expect(again).toMatch(/\n\nEnter stop loss price:$/)
    expect(await alice.say('.60')).toBe('Enter take profit price:')
    const target = await alice.say('.62')
    expect(target).toContain(
      '⚠️ The target of a long position must be above the price: $0.62 is not above $0.63. Nothing was done.',
    )
    expect(target).toMatch(/\n\nEnter take profit price:$/)
    expect(await alice.say('.70')).toContain('BRACKET ORDER SET')
  })

  test('takes both levels from one form, where the platform has forms', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('bracket')
    const [asked] = await alice.hear('2')
    expect(asked!.question).toMatchObject({
      kind: 'number',
      title: 'Stop and target',
      fields: [
        { name: 'stop', title: 'Stop loss price' },
        { name: 'target', title: 'Take profit price' },
      ],
    })
    const [done] = await alice.press(asked!, '.60', { more: ['.70'] })
    expect(done!.text).toBe('🎯 BRACKET ORDER SET\nStop: $0.60 (-4.76%)\nTarget: $0.70 (+11.11%)')
  })

  test('asks again only for the level of the form that makes no sense', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('bracket')
    const [asked] = await alice.hear('2')
    const [again] = await alice.press(asked!, '.65', { more: ['.70'] })
    expect(again!.text).toMatch(/\$0\.65 is not below \$0\.63[\s\S]*\n\nEnter stop loss price:$/)
    expect(again!.question?.fields).toBeUndefined()
    expect(await alice.say('.60')).toContain('BRACKET ORDER SET\nStop: $0.60 (-4.76%)\nTarget: $0.70 (+11.11%)')
  })

  test('asks for the other level when a form brought only one', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('bracket')
    const [asked] = await alice.hear('2')
    const [next] = await alice.press(asked!, '.60', { more: ['  '] })
    expect(next!.text).toBe('Enter take profit price:')
  })

  test('asks for the stop again when the price has passed it meanwhile', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    await alice.say('bracket')
    await alice.say('2')
    await alice.say('.60')
    market.set('BYND', '0.59')
    const again = await alice.say('.70')
    expect(again).toContain('$0.60 is not below $0.59')
    expect(again).toMatch(/\n\nEnter stop loss price:$/)
    expect(await working(desk, alice)).toEqual([])
    expect(await alice.say('.55')).toContain('BRACKET ORDER SET\nStop: $0.55')
  })

  test('sets neither when one of the quick levels is on the wrong side', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    market.set('BYND', '0.80')
    await alice.say('bracket')
    expect(await alice.say('1')).toContain('The target of a long position must be above the price: $0.756')
    expect(await working(desk, alice)).toEqual([])
    expect(await alice.say('2')).toBe('Enter stop loss price:')
  })

  test('of a price that is not fresh is refused', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    expect(await alice.say('bracket')).toContain('cannot be checked against the market now: the quote is 60 s old')
  })

  test('is taken away whole by `bracket off`, or what there is of it', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    expect(await alice.say('bracket off')).toContain('BYND has no stop and no target. Nothing was done.')
    await alice.say('bracket')
    await alice.say('1')
    expect(await alice.say('cancel the bracket')).toBe(
      '✓ Stop $0.567 and Target $0.756 of LONG 1,000 BYND @ $0.63 are off.',
    )
    expect(await working(desk, alice)).toEqual([])
    expect(await alice.say('undo')).toContain('taking the stop $0.567 and target $0.756')
    expect(await working(desk, alice)).toHaveLength(2)
    await alice.say('stop off')
    expect(await alice.say('bracket BYND off')).toBe('✓ Target $0.756 of LONG 1,000 BYND @ $0.63 is off.')
    expect(await alice.say('bracket off .55')).toContain('Nothing was done')
  })
})
