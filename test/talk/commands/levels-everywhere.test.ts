import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { working } from './working.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(() => {
  market.list('AMD', '240')
  market.set('BYND', '0.63')
  market.set('AAPL', '190')
})

/** Long 1,000 BYND at $0.60 and short 10 AAPL at $200, both on the winning side. */
async function holdsTwo(alice: { say(text: string): Promise<string> }) {
  await alice.say('long BYND 1000 @ .60')
  await alice.say('short AAPL 10 @ 200')
}

describe('a level on everything', () => {
  test('lists each position with its level first, and sets them after a yes', async ({ alice }) => {
    await holdsTwo(alice)
    await alice.say('stop BYND .55')
    expect(await alice.say('stop 5% on everything')).toBe(`🎯 STOP 5% ON EVERYTHING? 2 positions
SHORT 10 AAPL @ $200.00 · stop $210.00 (10.53% away)
LONG 1,000 BYND @ $0.60 · stop $0.57 (9.52% away), before: $0.55
  1️⃣  YES - Set all of these
  2️⃣  NO - Leave them

💡 Reply with 1 or 2`)
    expect((await working(desk, alice)).map(({ price }) => price)).toEqual(['0.55'])
    expect(await alice.say('1')).toMatch(
      /🛑 STOP SET — SHORT 10 AAPL[\s\S]*🛑 STOP SET — LONG 1,000 BYND[\s\S]*Before: \$0\.55/,
    )
    expect((await working(desk, alice)).map(({ price }) => price).toSorted()).toEqual(['0.57', '210'])
  })

  test('is left alone by a no', async ({ alice }) => {
    await holdsTwo(alice)
    await alice.say('stop 5% on all')
    expect(await alice.say('no')).toBe('OK, every level stays as it is.')
    expect(await working(desk, alice)).toEqual([])
  })

  test('names those that cannot have it, before and after the answer', async ({ alice }) => {
    await holdsTwo(alice)
    await alice.say('long AMD 10 @ 300')
    const without = '⚠️ Without AMD: The stop of a long position must be below the price: $285.00 is not below $240.00'
    const asked = await alice.say('stop 5% on all my positions')
    expect(asked).toContain('ON EVERYTHING? 2 positions')
    expect(asked).toContain(without)
    expect(await alice.say('yes')).toContain(without)
    expect((await working(desk, alice)).map(({ price }) => price).toSorted()).toEqual(['0.57', '210'])
    market.stale('AAPL', 'the venue is closed')
    market.stale('BYND', 'the venue is closed')
    const none = await alice.say('stop 5% on everything')
    expect(none).toContain('No position can have `stop 5%` now: AAPL (')
    expect(none).toContain('AMD (The stop of a long')
    market.stale('AAPL')
    market.stale('BYND')
  })

  test('is asked about again when a position has changed since', async ({ alice, bob }) => {
    await holdsTwo(alice)
    await alice.say('stop 5% on everything')
    await alice.in(bob.thread).say('buy 1000 BYND now')
    expect(await alice.say('yes')).toMatch(/^⚠️ The positions changed meanwhile\.\n🎯 STOP 5% ON EVERYTHING\?/)
    expect(await working(desk, alice)).toEqual([])
    await alice.say('yes')
    expect(await working(desk, alice)).toHaveLength(2)
  })

  test.for([
    [
      'trail 4% on everything',
      /TRAIL 4% ON EVERYTHING\? 2 positions\nSHORT 10 AAPL .* stop \$197\.60 \(4\.00% away\)/,
      ['0.6048', '197.6'],
    ],
    [
      'breakeven everything',
      /BREAKEVEN ON EVERYTHING\? 2 positions\n.* stop \$200\.00 .*\n.* stop \$0\.60 /,
      ['0.6', '200'],
    ],
    ['target 20% on everything', /TARGET 20% ON EVERYTHING\? 2 positions\n.* target \$160\.00/, ['0.72', '160']],
  ] as const)('%j, too', async ([text, question, prices], { alice }) => {
    await holdsTwo(alice)
    expect(await alice.say(text)).toMatch(question)
    await alice.say('1')
    expect((await working(desk, alice)).map(({ price }) => price).toSorted()).toEqual(prices)
  })

  test('breakeven leaves a stop that saves more', async ({ alice }) => {
    await holdsTwo(alice)
    await alice.say('stop BYND .61')
    expect(await alice.say('breakeven all')).toContain('⚠️ Without BYND: its stop at $0.61 saves as much, or more')
  })

  test.for([
    ['stop .55 on everything', 'is an amount in dollars, and one does not fit several positions. Nothing was done.'],
    ['trail $2 on everything', 'is an amount in dollars'],
    ['stop BYND 5% on everything', 'That is about BYND, and about everything.'],
    ['stop off on everything', 'taken away from one position at a time'],
  ] as const)('is refused, and nothing is set: %j', async ([text, reason], { alice }) => {
    await holdsTwo(alice)
    expect(await alice.say(text)).toContain(reason)
    expect(await working(desk, alice)).toEqual([])
  })

  test('without a percentage it is asked for', async ({ alice }) => {
    await holdsTwo(alice)
    expect(await alice.say('stop on everything')).toBe('❓ At how many percent?')
    expect(await alice.say('5%')).toContain('STOP 5% ON EVERYTHING? 2 positions')
  })

  test('comes from a platform command', async ({ alice }) => {
    await holdsTwo(alice)
    expect(await alice.command('stop', { price: '5% on everything' })).toContain('STOP 5% ON EVERYTHING?')
  })

  test('without a position there is nothing to protect', async ({ alice }) => {
    expect(await alice.say('stop 5% on everything')).toContain('You have no open position')
  })
})
