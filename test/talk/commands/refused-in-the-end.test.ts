import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { keyOf } from '../../support/venue-answers.ts'

/** An event while the venue has the order whose key begins like this. */
let meanwhile: { begins: string; happens(): void } | undefined

const { test, desk, market } = deskTest({
  worker: false,
  venue: (paper) => ({
    ...paper,
    async submit(order) {
      const submitted = await paper.submit(order)
      if (meanwhile && (await keyOf(desk, order.clientOrderId)).startsWith(meanwhile.begins)) meanwhile.happens()
      return submitted
    },
  }),
})
test.beforeEach(() => {
  meanwhile = undefined
  market.set('BYND', '1')
  market.set('AAPL', '200')
})

describe('an order that would turn a position round', () => {
  test('offers only the half that would not be refused, and says why', async ({ alice }) => {
    await alice.say('short AAPL 300 @ 200')
    // 100,000 less 150% of 60,000 are left; when the short is bought back, 100,000 are.
    const said = await alice.say('buy AAPL 1500')
    expect(said).toBe(
      [
        '🤔 BUY 1,500 AAPL',
        'At the market, about $200.00 each, $300,000.00 in all',
        'You have SHORT 300 AAPL @ $200.00.',
        'BUY 1,200 AAPL at about $200.00 takes $240,000.00, and the account has $100,000.00 of buying power.',
        '  1️⃣  Buy the 300 only',
        '  2️⃣  Nothing',
        '',
        '💡 Reply with 1 or 2',
      ].join('\n'),
    )
    expect(await alice.say('1')).toContain('✓ BOUGHT BACK 300 AAPL')
  })

  test('counts what the exit makes room for', async ({ alice }) => {
    await alice.say('short AAPL 300 @ 200')
    expect(await alice.say('buy AAPL 800')).toContain('Buy 800 and be LONG 500')
    const said = await alice.say('2')
    expect(said).toContain('✓ BOUGHT BACK 300 AAPL')
    expect(said).toContain('✓ BOUGHT 500 AAPL')
  })

  test('does nothing where the answer would be refused by now', async ({ alice }) => {
    await alice.say('short AAPL 300 @ 200')
    await alice.say('buy AAPL 800')
    await alice.in('elsewhere').say('limits size $90000')
    const said = await alice.say('2')
    expect(said).toMatch(/^⚠️ BUY 500 AAPL at about \$200\.00 is worth \$100,000\.00, .* Nothing was done\.\n/)
    expect(await alice.say('positions')).toContain('SHORT 300 AAPL')
  })

  test('whose second half is refused after the first says what was done, and what was not', async ({ alice }) => {
    await alice.say('short AAPL 300 @ 200')
    await alice.say('buy AAPL 800')
    meanwhile = { begins: 'trim-', happens: () => market.set('AAPL', '300') }
    const said = await alice.say('2')
    expect(said).toContain('✓ BOUGHT BACK 300 AAPL')
    expect(said).toContain('🛑 NOT DONE: BUY the 500 AAPL beyond the position\n⚠️ BUY 500 AAPL at about $300.00 takes')
    expect(said).not.toContain('Nothing was done')
  })

  test('is not offered while an order of the other side works', async ({ alice }) => {
    await alice.say('short AAPL 100 @ 200')
    await alice.say('sell 10 AAPL @ 250')
    await alice.say('1')
    const said = await alice.say('buy AAPL 150')
    expect(said).toContain('LIMIT SELL 10 AAPL @ $250.00 is working and would open AAPL the other way.')
    expect(said).toContain('1️⃣  Buy the 100 only\n  2️⃣  Nothing')
  })
})

test('a short sale is not asked about while a buy works in the symbol', async ({ alice }) => {
  await alice.say('buy BYND 600 @ .50')
  expect(await alice.say('sell BYND 50')).toBe(
    '⚠️ LIMIT BUY 600 BYND @ $0.50 is working and would open BYND the other way. Nothing was done.\n💡 `cancel 1` first',
  )
})

test.for(['sell 4000 BYND', 'sell 80% BYND', 'trim 4000 BYND @ 20', 'close 4000 BYND', 'close BYND 80%'])(
  '%j is not asked about where working orders hold too much',
  async (words, { alice }) => {
    market.set('BYND', '10')
    await alice.say('long BYND 5000 @ 10')
    await alice.say('sell 2000 BYND @ 11')
    expect(await alice.say(words)).toMatch(
      /^⚠️ Free: 3,000 of 5,000 BYND \(2,000 held by order 1\)\. Nothing was done\.\n/,
    )
  },
)
