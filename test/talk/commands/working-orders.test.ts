import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from './someone.ts'

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk, market } = deskTest({ worker: false, clock, environment: { DESKHAND_OWNERS: 'slack:T1:CHIEF' } })
test.beforeEach(() => {
  market.set('BYND', '1.01')
  market.stale('BYND')
})

describe('confirm', () => {
  test('shows and sets from which size on an order is asked about', async ({ alice }) => {
    expect(await alice.say('confirm')).toBe(
      '⚙️ Orders above $25,000.00 are asked about before they are sent.\n💡 Change it with `confirm above 10000`',
    )
    expect(await alice.say('confirm above 100')).toContain('✓ Orders above $100.00 are asked about')
    expect(await alice.say('buy 100 BYND')).toContain('🤔 CONFIRM: BUY 100 BYND')
    expect(await alice.say('no')).toBe('OK, nothing was ordered.')
    expect(await alice.say('buy 99 BYND')).toContain('✓ BOUGHT 99 BYND')
    expect(await alice.say('confirm default')).toContain('✓ Orders above $25,000.00')
  })

  test('is switched off by owners only, and has a bound for the others', async ({ alice }) => {
    expect(await alice.say('confirm off')).toContain('Only an owner may switch that off.')
    expect(await alice.say('confirm above 9000000')).toContain('the most that can be set')
    expect(await alice.say('confirm above 99999999')).toContain(
      'That is more than $1,000,000.00, the most that can be set',
    )
    for (const text of ['confirm above', 'confirm above 0', 'confirm above -5'])
      expect(await alice.say(text)).toContain('Above how many dollars? It must be more than zero. Nothing was changed.')
    const chief = someone(desk, 'chief')
    expect(await chief.say('confirm off')).toContain('✓ No order is asked about for its size.')
    expect(await chief.say('buy 500 AAPL')).toContain('✓ BOUGHT 500 AAPL')
  })
})

describe('working orders', () => {
  test('are shown one by one by their numbers, also when they have ended', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('sell 100 BYND @ 1.50')
    await alice.say('buy 5 BYND @ .90')
    await alice.say('cancel 2')
    expect(await alice.say('order 1')).toMatch(
      /^📋 ORDER 1 · SELL 100 BYND @ \$1\.50: .*\nOrder 1 · set .*\n💡 `move 1 PRICE` changes it, `cancel 1` takes it back$/,
    )
    expect(await alice.say('order #2')).toMatch(/^📋 ORDER 2 · BUY 5 BYND @ \$0\.90: 🛑 cancelled/)
    expect(await alice.say('orders 2')).toMatch(/^📋 ORDER 2 · BUY 5 BYND/)
    expect(await alice.say('show me order 1')).toContain('📋 ORDER 1 ·')
    expect(await alice.say('order 99')).toBe(
      '⚠️ You have no order 99, working or ended.\n💡 Working: 1 · SELL 100 BYND @ $1.50',
    )
    expect(await alice.say('orders 99999999999')).toContain('You have no order 99999999999')
    expect((await alice.hear('order 1', { addressed: false }))[0]!.text).toContain('ORDER 1')
    expect(await alice.hear('order 66', { addressed: false })).toEqual([])
  })

  test('are listed with age and distance', async ({ alice }) => {
    // The example rests under the market, wherever that is.
    expect(await alice.say('orders')).toBe('📋 No working orders.\n💡 `buy 100 BYND @ 0.95` makes one')
    await alice.say('buy 10 BYND if it breaks 2 before close')
    expect(await alice.say('orders')).toContain('📋 No working orders.\n⏰ 1 order is for later: `schedule` lists it\n')
    await alice.say('schedule cancel all')
    await alice.say('buy 100 BYND @ .95')
    clock.advance(60_000)
    await alice.say('long AAPL 10 @ 190')
    await alice.say('close AAPL @ 200')
    expect(await alice.say('orders')).toBe(
      [
        '📋 WORKING ORDERS',
        '1 · BUY 100 BYND @ $0.95 · 1 min old · 5.94% from $1.01',
        '2 · SELL 10 AAPL @ $200.00 · 0 s old · 5.26% from $190.00',
        '💡 `move 1 PRICE` changes the price, `cancel 1` takes it back',
      ].join('\n'),
    )
  })

  test.for(['move 1 1.10', 'move 1 to $1.10', 'move 1 @ 1.10'])('move: %j', async (text, { alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('close @ 1.05')
    expect(await alice.say(text)).toContain('✓ LIMIT SELL ORDER 100 BYND @ $1.10 (working, was $1.05)')
  })

  test.for([
    ['move 7 1.10', 'You have no working order 7.'],
    ['move 1 1.101', '$1.10 or $1.11'],
    ['move 1 1.05', 'is there already'],
    ['cancel 7', 'You have no working order 7.'],
  ] as const)('are left alone by %j', async ([text, reason], { alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('close @ 1.05')
    expect(await alice.say(text)).toContain(reason)
    expect(await alice.say('orders')).toContain('1 · SELL 100 BYND @ $1.05')
  })

  test('are asked about when they move to the wrong side of the market', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('close @ 1.05')
    expect(await alice.say('move 1 .50')).toContain('a sell limit of $0.50 is far below it and fills at once.')
    expect(await alice.say('no')).toBe('OK, nothing was moved.')
    expect(await alice.say('orders')).toContain('@ $1.05')
  })

  test("are nobody else's to move or to cancel", async ({ alice }) => {
    await alice.say('buy 100 BYND @ .95')
    const bob = someone(desk, undefined, alice.thread)
    expect(await bob.say('move 1 .90')).toContain('You have no working orders.')
    expect(await bob.say('cancel all')).toContain('You have no working orders.')
    expect(await alice.say('orders')).toContain('1 · BUY 100 BYND')
  })

  test('are taken back: one, all, the only one', async ({ alice }) => {
    for (const price of ['.95', '.94', '.93', '.92']) await alice.say(`buy 100 BYND @ ${price}`)
    expect(await alice.say('cancel 2')).toContain('✓ CANCELLED order 2: LIMIT BUY 100 BYND @ $0.94')
    expect(await alice.say('cancel 2')).toContain('You have no working order 2.')
    expect(await alice.say('cancel')).toContain('❓ What should be cancelled?')
    expect(await alice.say('4')).toMatch(/CANCELLED order 1[\s\S]*CANCELLED order 3[\s\S]*CANCELLED order 4/)
    await alice.say('buy 100 BYND @ .95')
    expect(await alice.say('cancel')).toContain('✓ CANCELLED order 5')
    expect(await alice.say('cancel')).toContain('Nothing works that could be cancelled')
  })

  test('are taken back together beside a scaleout, which goes on', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout slow')
    expect(await alice.say('buy 5 AAPL @ 180')).toContain('(working)')
    const said = await alice.say('cancel all')
    expect(said).toContain('✓ CANCELLED order 1')
    expect(said).toContain('💡 The scaleout of BYND goes on; `cancel scaleout` ends it')
    expect(await alice.say('cancel')).toContain('SCALEOUT CANCELLED - BYND')
  })

  test('are not what is only planned: how that is taken back is said', async ({ alice }) => {
    await alice.say('buy 5 BYND if it breaks 2')
    const planned = 'BUY 5 BYND at the market'
    expect(await alice.say('cancel 1')).toBe(
      `⚠️ You have no working order 1. Nothing was done.\n💡 \`schedule cancel 1\` takes back what is planned: ${planned}`,
    )
    for (const text of ['cancel all', 'cancel'])
      expect(await alice.say(text)).toContain(`💡 Still planned: ${planned} (1); \`schedule cancel 1\` takes it back`)
    await alice.say('buy 5 BYND if it breaks 3')
    await alice.say('buy 5 BYND @ .90')
    expect(await alice.say('cancel all')).toBe(
      '✓ CANCELLED order 1: LIMIT BUY 5 BYND @ $0.90\n\n💡 Still planned: 2 orders for later; `schedule cancel all` takes them back',
    )
    expect(await alice.say('cancel 7')).toContain('💡 `orders` lists them when there are')
  })
})
