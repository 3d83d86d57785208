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
    await expect.poll(() => levels(alice)).toEqual(['stop 0.9 of 500', 'target 1.3 of 500'])
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

  describe('with a stop alone', () => {
    test.for<[said: string, levels: string[]]>([
      ['buy 500 BYND stop .90', ['stop 0.9 of 500']],
      ['buy 500 BYND sl .90', ['stop 0.9 of 500']],
      ['buy 500 BYND now stop .90', ['stop 0.9 of 500']],
      ['buy 500 BYND @ 1.02 stop .90', ['stop 0.9 of 500']],
      ['buy 500 BYND stop 5%', ['stop 0.95 of 500']],
      // A stop above the market is one that the order waits for.
      ['buy 500 BYND stop 1.10', []],
      ['buy 500 BYND @ 1.12 stop 1.10', []],
    ])('%s', async ([said, expected], { alice }) => {
      await alice.say(said)
      expect(await levels(alice)).toEqual(expected)
      expect(await alice.say('orders')).toContain(expected.length > 0 ? 'No working orders' : 'stop $1.10')
      await alice.say('cancel all')
    })

    test('sets it when the limit fills', async ({ alice }) => {
      expect(await alice.say('buy 500 BYND @ .95 stop .90')).toContain('🎯 With its first fill: stop $0.90')
      market.set('BYND', '0.94')
      await expect.poll(() => levels(alice)).toEqual(['stop 0.9 of 500'])
    })

    test('of a short sale is above the market, and below it the sale waits', async ({ alice }) => {
      const asked = await alice.say('sell 500 BYND stop 1.10')
      expect(asked).toContain('this is a short sale')
      expect(asked).toContain('Stop $1.10: set when it begins to fill.')
      await alice.say('yes')
      expect(await levels(alice)).toEqual(['stop 1.1 of 500'])
      await alice.say('close now')
      expect(await alice.say('sell 500 BYND stop .90')).toContain('When it is at $0.90, at the market')
      await alice.say('no')
    })

    test('of an order that takes from a position is the one that it waits for', async ({ alice }) => {
      await alice.say('long BYND 500 @ 1')
      expect(await alice.say('sell 200 BYND stop .90')).toContain('✓ STOP SELL ORDER 200 BYND')
      expect(await levels(alice)).toEqual([])
      await alice.say('cancel all')
    })

    test('is a stop order where the words say so', async ({ alice }) => {
      for (const said of ['buy stop .90 500 BYND', 'stop buy .90 500 BYND', 'buy 500 BYND stop limit .90 .95'])
        expect(await alice.say(said)).toContain('it would buy at once. Nothing was done.')
      expect(await alice.say('positions')).toContain('No open positions')
    })
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
