import { describe, expect, onTestFinished } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import type { Someone } from './someone.ts'

const { test, desk } = deskTest({ worker: false })
test.beforeEach(() => {
  desk.market.set('BYND', '1.01', '1.03')
})

const forEver = () => new Promise<never>(() => {})

/** From now on nothing that the market is asked for is answered. */
function silence(answer: () => Promise<never> = forEver): void {
  const { market } = desk
  const { quote, bars, confirmed } = market
  Object.assign(market, { quote: answer, bars: answer, confirmed: answer })
  onTestFinished(() => void Object.assign(market, { quote, bars, confirmed }))
}

/** Somebody with a position, a stop and an order that rests. */
async function withPosition(alice: Someone): Promise<void> {
  await alice.say('long BYND 100 @ 1')
  expect(await alice.say('stop BYND 0.50')).toContain('STOP SET')
  expect(await alice.say('buy 10 BYND @ 0.90')).toContain('Order 1')
}

describe('while the market does not answer', () => {
  test('what only reads answers with all that the desk knows', async ({ alice }) => {
    await withPosition(alice)
    silence()
    const [positions, pl, orders, balance, accounts] = await Promise.all(
      ['positions', 'pl', 'orders', 'balance', 'accounts'].map((text) => alice.say(text)),
    )
    expect(positions).toMatch(/LONG 100 BYND.*no price.*Stop \$0\.50/i)
    expect(pl).toMatch(/Current: no price[\s\S]*Unrealized P&L: unknown without a price/)
    expect(orders).toMatch(/BUY 10 BYND/)
    expect(balance).toMatch(/Equity: /)
    expect(accounts).toMatch(/paper/i)
  })

  test.for(['quote BYND', 'spread BYND', 'quote BYND AAPL'])(
    '%j says that there is no price',
    async (text, { alice }) => {
      silence()
      expect(await alice.say(text)).toMatch(/The market \(hand\) tells no price for BYND now/)
    },
  )

  test.for(['chart BYND', 'rsi BYND', 'pl chart', 'advise BYND'])(
    '%j never says that something may be done in part',
    async (text, { alice }) => {
      await withPosition(alice)
      silence()
      expect(await alice.say(text)).toMatch(/Nothing was done/)
    },
  )
})

test('what only reads says that nothing was done, when a source gives an error', async ({ alice }) => {
  await withPosition(alice)
  silence(() => Promise.reject(new Error('away')))
  expect(await alice.say('chart BYND')).toMatch(/^⚠️ The desk could not show that: .* Nothing was done\.\n💡 Try again/)
  expect(await alice.say('positions')).toMatch(/LONG 100 BYND.*no price/)
})

test('what acts says that it may be done in part', async ({ alice }) => {
  await withPosition(alice)
  silence(() => Promise.reject(new Error('away')))
  expect(await alice.say('stop BYND 0.60')).toMatch(/^⚠️ The desk could not finish that: it may be done, in part/)
})
