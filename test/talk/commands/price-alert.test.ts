import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { moveAlerts } from '../../../src/trading/price-alerts/rows/price-alerts.ts'
import { watchPriceAlerts } from '../../../src/trading/price-alerts/watch-prices.ts'
import { deskTest } from '../../support/desk-test.ts'
import { toldTo } from './planned.ts'
import type { Someone } from './someone.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(() => {
  market.set('BYND', '1.01')
  market.set('AAPL', '190')
})

/** Lets two processes watch while the price moves, and answers with what the person's thread was told. */
async function watching(alice: Someone, ...prices: [symbol: string, price: string][]): Promise<string[]> {
  const watches = [watchPriceAlerts(desk.desk.parts), watchPriceAlerts(desk.desk.parts)]
  const rest = () => Promise.all(watches.map((watch) => watch.rest()))
  await rest()
  for (const [symbol, price] of prices) market.set(symbol, price)
  await rest()
  await Promise.all(watches.map((watch) => watch.close()))
  return toldTo(desk, alice)
}

describe('a price alert', () => {
  test.for([
    ['alert BYND above 1.20', 'BYND at $1.20 or above'],
    ['alert bynd below .90', 'BYND at $0.90 or below'],
    ['alert bynd above 1.20 once', 'BYND at $1.20 or above'],
    ['alert bynd 1.20', 'BYND at $1.20 or above'],
    ['alert bynd .90', 'BYND at $0.90 or below'],
    ['alert me when bynd hits 1.20', 'BYND at $1.20 or above'],
    ['alert me if BYND drops below .90', 'BYND at $0.90 or below'],
    ['let me know if bynd breaks 1.20', 'BYND at $1.20 or above'],
    ['price alert $BYND under .90', 'BYND at $0.90 or below'],
  ] as const)('"%s" is set for %s', async ([text, level], { alice }) => {
    expect(await alice.say(text)).toBe(
      `🔔 ALERT 1: ${level} ($1.01 now)\n💡 You are told here, once. \`price alerts\` lists yours, \`alert off 1\` takes it back`,
    )
    expect(await alice.say('price alerts')).toBe(
      `🔔 PRICE ALERTS\n1. ${level} ($1.01 now)\n💡 \`alert off 1\` takes one back`,
    )
  })

  test('says how weak the price is that reached it, unless a second source says the same', async ({ alice, bob }) => {
    for (const [who, isConfirmed] of [
      [alice, false],
      [bob, true],
    ] as const) {
      market.set('BYND', '1.01')
      await who.say('alert BYND above 1.20')
      market.weaken('BYND', 'it has no bid', isConfirmed)
      const [told, ...others] = await watching(who, ['BYND', '1.20'])
      expect(others).toEqual([])
      expect(told).toBe(
        [
          '🔔 PRICE ALERT 1 — BYND is at $1.20',
          ...(isConfirmed
            ? []
            : ['📡 A weak price: it has no bid, and no second source confirms it. 💡 `quote BYND` looks again']),
          `${who.name} asked for BYND at $1.20 or above. This alert is over now.`,
        ].join('\n'),
      )
      market.weaken('BYND')
    }
  })

  test('is told once in the thread where it was asked for, by one of two processes, and is over', async ({
    alice,
    bob,
  }) => {
    await alice.say('alert BYND above 1.20')
    await bob.say('alert BYND above 1.30')
    const told = await watching(alice, ['BYND', '1.19'], ['BYND', '1.20'], ['BYND', '1.20'], ['BYND', '1.25'])
    expect(told).toEqual([
      `🔔 PRICE ALERT 1 — BYND is at $1.20\n${alice.name} asked for BYND at $1.20 or above. This alert is over now.`,
    ])
    expect(await toldTo(desk, bob)).toEqual([])
    expect(await alice.say('price alerts')).toContain('No price alerts')
    expect(await watching(alice, ['BYND', '1.10'], ['BYND', '1.21'])).toHaveLength(1)
  })

  test('that was passed while nothing ran is told at the next start, if the price is still there', async ({
    alice,
  }) => {
    await alice.say('alert BYND below .90')
    market.set('BYND', '0.89')
    expect(await watching(alice)).toEqual([expect.stringContaining('🔔 PRICE ALERT 1 — BYND is at $0.89')])
  })

  test('does not hear a stale price', async ({ alice }) => {
    await alice.say('alert AAPL below 180')
    market.set('AAPL', '179')
    market.stale('AAPL', 'a test')
    expect(await watching(alice)).toEqual([])
  })

  test('at a price that is there already is refused', async ({ alice }) => {
    expect(await alice.say('alert BYND above 1.00')).toContain(
      'BYND is at $1.01, above $1.00 already. No alert was set.',
    )
    expect(await alice.say('alert BYND below 1.01')).toContain('BYND is at $1.01 already. No alert was set.')
    expect(await alice.say('price alerts')).toContain('No price alerts')
  })

  test.for([
    ['alert BYND above 1.205', 'moves in steps of $0.01'],
    ['alert NOPE above 3', 'NOPE'],
    ['alert off', 'Which price alert?'],
    ['alert off 7', 'You have no price alert 7. Nothing was changed.'],
    ['alert off all', 'You have no price alerts. Nothing was changed.'],
  ] as const)('"%s" is refused: %s', async ([text, sentence], { alice }) => {
    expect(await alice.say(text)).toContain(sentence)
  })

  test("is taken back by its number, and nobody else's is", async ({ alice, bob }) => {
    await alice.say('alert BYND above 1.20')
    await alice.say('alert AAPL above 200')
    await bob.say('alert BYND above 1.20')
    expect(await alice.say('alert off 1')).toBe('✓ Alert 1 is off: BYND at $1.20 or above')
    expect(await alice.say('price alerts')).toContain('2. AAPL at $200.00 or above')
    expect(await alice.say('alert off all')).toBe('✓ Alert 2 is off: AAPL at $200.00 or above')
    expect(await watching(alice, ['BYND', '1.25'])).toEqual([])
    expect(await toldTo(desk, bob)).toHaveLength(1)
  })

  test('is one of at most fifty of a member', async ({ alice }) => {
    for (let cents = 1; cents <= 50; cents++) await alice.hear(`alert BYND above 2.${String(cents).padStart(2, '0')}`)
    expect(await alice.say('alert BYND above 3')).toContain('You have 50 price alerts, which is the most.')
    await alice.say('alert off 1')
    expect(await alice.say('alert BYND above 3')).toContain('🔔 ALERT 51: BYND at $3.00 or above')
    await alice.say('alert off all')
  })

  test('follows a split and another symbol', async ({ alice }) => {
    await alice.say('alert BYND below .90')
    const ratio = { to: new Big(1), from: new Big(10) }
    const action = { symbol: 'BYND', newSymbol: 'AAPL', ratio }
    await desk.desk.parts.db.transaction().execute((trx) => moveAlerts(trx, action, new Big('0.01')))
    expect(await alice.say('price alerts')).toContain('1. AAPL at $9.00 or below')
    await alice.say('alert off all')
  })

  test('is not set twice, and is what `notify me when` asks for, too', async ({ alice }) => {
    expect(await alice.say('notify me when BYND goes above 1.20')).toContain('🔔 ALERT 1: ')
    expect(await alice.say('alert BYND above 1.2')).toMatch(/^🔔 ALERT 1 is that already: /)
    expect(await alice.say('alerts')).toContain('💡 1 price alert waits: `price alerts` lists yours')
    expect(await alice.say('notify')).toContain('direct message')
  })

  test('is set once for a message that is heard twice', async ({ alice }) => {
    await alice.hear('alert BYND above 1.20', { id: `twice-${alice.name}` })
    await alice.hear('alert BYND above 1.20', { id: `twice-${alice.name}` })
    expect((await alice.say('price alerts')).match(/BYND/g)).toHaveLength(1)
    await alice.say('alert off all')
  })
})

test('alerts stays about what the channel hears', async ({ alice }) => {
  expect(await alice.say('alerts')).toContain('🔔 ALERTS')
  expect(await alice.say('alerts off')).toContain('🔕 ALERTS OFF')
})
