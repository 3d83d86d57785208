import { expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { passGate } from '../../../src/trading/accounts/gate.ts'
import { watchPriceAlerts } from '../../../src/trading/price-alerts/watch-prices.ts'
import { deskTest } from '../../support/desk-test.ts'
import { toldTo } from '../commands/planned.ts'

const { test, market, desk } = deskTest()

test('a pair that is priced in a coin has a price with its name, and no dollars', async ({ alice }) => {
  market.list('ETH-BTC', '0.03295')
  const said = await alice.say('quote ETH/BTC')
  expect(said).toContain('Bid: 0.03295 BTC | Ask: 0.03295 BTC | Last: 0.03295 BTC')
  expect(said).not.toContain('$')
  expect(await alice.say('quote BTC-USD')).toContain('Last: $63,000.00')
})

test('everything else about it is refused, and its thread stays about what it was', async ({ alice }) => {
  market.list('ETH-BTC', '0.03295')
  await alice.say('long BTC-USD 0.025 @ 60000')
  await alice.say('quote ETH-BTC')
  for (const words of [
    'long ETH-BTC 2 @ 0.03',
    'buy 2 ETH-BTC',
    'buy 2 ETH-BTC @ 0.031',
    'vwap ETH-BTC',
    'scaleout ETH-BTC',
  ])
    expect(await alice.say(words), words).toContain('ETH-BTC is priced in BTC, and the desk counts in dollars')
  expect(await alice.say('pl')).toContain('BTC-USD')
  expect(await alice.say('positions')).not.toContain('ETH-BTC')
})

test('a price alert for it is set, listed and told in its currency', async ({ alice }) => {
  market.list('ETH-BTC', '0.03295')
  expect(await alice.say('alert ETH/BTC above 0.04')).toContain(
    '🔔 ALERT 1: ETH-BTC at 0.04 BTC or above (0.03295 BTC now)',
  )
  expect(await alice.say('price alerts')).toContain('1. ETH-BTC at 0.04 BTC or above (0.03295 BTC now)')
  expect(await alice.say('alert ETH-BTC above 0.03')).toContain('ETH-BTC is at 0.03295 BTC, above 0.03 BTC already')
  expect(await alice.say('alert ETH-BTC 0.035')).toContain('steps of 0.01 BTC; 0.035 BTC does not fit')
  const watch = watchPriceAlerts(desk.desk.parts)
  await watch.rest()
  market.set('ETH-BTC', '0.0402')
  await watch.rest()
  await watch.close()
  expect((await toldTo(desk, alice)).join()).toContain(
    `🔔 PRICE ALERT 1 — ETH-BTC is at 0.0402 BTC\n${alice.name} asked for ETH-BTC at 0.04 BTC or above`,
  )
})

test('its chart has prices with its name, in the text and in the words of the picture', async ({ alice }) => {
  market.list('ETH-BTC', '0.03295')
  const bars = ['0.03281', '0.0329', '0.03284'].map((text, index) => {
    const price = new Big(text)
    const at = new Date(Date.parse('2026-11-20T15:00:00Z') + index * 300_000)
    return { at, open: price, high: price.plus('0.0002'), low: price.minus('0.0001'), close: price, volume: new Big(5) }
  })
  market.give('ETH-BTC', 5, bars)
  const [reply] = await alice.hear('chart ETH-BTC 5m')
  const prices = 'Last: 0.03295 BTC (+0.43%) | High: 0.0331 BTC | Low: 0.03271 BTC'
  expect(reply!.text).toContain(prices)
  expect(reply!.text).toContain('VWAP: 0.0328833 BTC')
  const alt = reply!.pictures![0]!.alt
  expect(alt).toContain(prices)
  expect(reply!.text + alt).not.toContain('$')
})

test('the gate lets no order for it pass, whoever wants it', async ({ alice }) => {
  market.list('ETH-BTC', '0.03295')
  await alice.say('long BTC-USD 0.025 @ 60000')
  const { db } = desk.desk.parts
  const { id, member_id } = await db.selectFrom('accounts').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
  const wanted = { memberId: member_id, accountId: id, symbol: 'ETH-BTC', side: 'buy' as const }
  const refusal = await passGate(db, desk.desk.parts, { ...wanted, quantity: new Big(2), price: new Big('0.03') })
  expect(refusal?.code).toBe('OTHER_CURRENCY')
})
