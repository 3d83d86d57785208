import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import type { Someone } from './someone.ts'
import { working } from './working.ts'

const { test, desk, market } = deskTest()
test.beforeEach(() => {
  market.set('BYND', '1.00')
  market.set('AAPL', '190')
})

const levels = async (who: Someone) =>
  (await working(desk, who)).map(({ kind, price, quantity }) => `${kind} ${price} of ${quantity}`)
const told = (who: Someone) => desk.posted.filter((one) => one.place.thread === who.thread).map(({ text }) => text)

describe('an order with its stop and its target in one line', () => {
  test('sets both when it is filled at once', async ({ alice }) => {
    const said = await alice.say('buy 500 BYND stop .90 target 1.30')
    expect(said).toContain('✓ BOUGHT 500 BYND')
    expect(said).toContain(
      '🎯 STOP AND TARGET SET — LONG 500 BYND @ $1.00\nStop: $0.90 (-10.00%)\nTarget: $1.30 (+30.00%)',
    )
    expect(said).not.toContain('With its first fill')
    expect(await levels(alice)).toEqual(['stop 0.9 of 500', 'target 1.3 of 500'])
  })

  test('sets percentages of the entry price', async ({ alice }) => {
    await alice.say('buy 100 BYND stop 5% target 10%')
    expect(await levels(alice)).toEqual(['stop 0.95 of 100', 'target 1.1 of 100'])
  })

  test('says that they wait with a limit, and sets them when it fills', async ({ alice }) => {
    const said = await alice.say('buy 500 BYND @ .95 stop .90 target 1.30')
    expect(said).toContain('✓ LIMIT BUY ORDER 500 BYND @ $0.95 (working)')
    expect(said).toContain(
      '🎯 With its first fill: stop $0.90 and target $1.30, for what is filled. They end with the order if nothing fills.',
    )
    expect(await levels(alice)).toEqual([])
    market.set('BYND', '0.94')
    await expect.poll(() => levels(alice), { timeout: 10_000 }).toEqual(['stop 0.9 of 500', 'target 1.3 of 500'])
    await expect
      .poll(() => told(alice))
      .toContainEqual(expect.stringContaining('🎯 STOP AND TARGET SET — LONG 500 BYND'))
  })

  test('sets nothing when it is taken back before it fills', async ({ alice }) => {
    await alice.say('buy 500 BYND @ .95 stop .90 target 1.30')
    await alice.say('cancel 1')
    market.set('BYND', '0.94')
    await alice.say('long AAPL 10 @ 190')
    await alice.say('long BYND 10 @ 1')
    expect(await levels(alice)).toEqual([])
  })

  test('is asked about with its levels when it is large', async ({ alice }) => {
    const asked = await alice.say('buy 50k BYND stop .90 target 1.30')
    expect(asked).toContain('🤔 CONFIRM: BUY 50,000 BYND')
    expect(asked).toContain('Stop $0.90, target $1.30: set when it begins to fill.')
    await alice.say('yes')
    expect(await levels(alice)).toEqual(['stop 0.9 of 50000', 'target 1.3 of 50000'])
  })

  test.for<[string, string]>([
    ['buy 500 BYND stop 1.10 target 1.30', 'The stop of a long position must be below the price'],
    ['buy 500 BYND @ .95 stop .90 target .94', 'The target of a long position must be above the price'],
    ['buy 500 BYND stop 105% target 10%', 'less than nothing'],
  ])('orders nothing when a level makes no sense: %j', async ([text, why], { alice }) => {
    expect(await alice.say(text)).toContain(why)
    expect(await alice.say('orders')).toContain('No working orders')
    expect(await alice.say('positions')).toContain('No open positions')
  })

  test('is refused for an order that takes from a position', async ({ alice }) => {
    await alice.say('long BYND 500 @ 1')
    expect(await alice.say('sell 200 BYND stop 1.30 target .90')).toContain(
      'A stop and a target are for what an order opens, and this one takes from LONG 500 BYND @ $1.00. Nothing was done.',
    )
    expect(await levels(alice)).toEqual([])
  })
})
