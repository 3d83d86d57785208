import { expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { passGate } from '../../../src/trading/accounts/gate.ts'
import { deskTest } from '../../support/desk-test.ts'

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
    'chart ETH-BTC',
    'alert ETH-BTC 0.04',
  ])
    expect(await alice.say(words), words).toContain('ETH-BTC is priced in BTC, and the desk counts in dollars')
  expect(await alice.say('pl')).toContain('BTC-USD')
  expect(await alice.say('positions')).not.toContain('ETH-BTC')
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
