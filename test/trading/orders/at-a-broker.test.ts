import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { type LinkedDesk, openLinkedDesk } from './linked.ts'

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ worker: false })
})
afterAll(() => there.desk.close())

const sent = (account: string) =>
  there.broker
    .book()
    .flatMap(({ sent }) => (sent.account === account ? [`${sent.side} ${sent.quantity} ${sent.symbol}`] : []))

describe('before an order is sent to a broker', () => {
  test('a symbol that it does not trade is refused in its words', async () => {
    const alice = await there.newcomer()
    there.broker.instruments.set('AAPL', { isTraded: false, words: 'halted for news' })
    expect(await alice.say('buy 10 aapl')).toMatch(/does not trade AAPL now: halted for news. Nothing was sent/)
    there.broker.instruments.delete('AAPL')
    expect(sent(alice.account)).toEqual([])
  })

  test('a short sale is refused where nothing can be borrowed, before anything is asked', async () => {
    const alice = await there.newcomer()
    expect(await alice.say('sell 10 bynd')).toMatch(/BYND cannot be sold short there now/)
    there.broker.instruments.set('BYND', { canShort: true })
    expect(await alice.say('sell 10 bynd')).toMatch(/this is a short sale/)
    expect(await alice.say('1')).toMatch(/SOLD SHORT 10 BYND/)
    there.broker.instruments.delete('BYND')
  })

  test('a quantity between its steps is refused', async () => {
    const alice = await there.newcomer()
    there.broker.instruments.set('BYND', { lot: new Big(10) })
    expect(await alice.say('buy 15 bynd')).toMatch(/in steps of 10; 15 does not fit. Nothing was sent/)
    there.broker.instruments.delete('BYND')
    expect(sent(alice.account)).toEqual([])
  })

  test('its buying power counts, less what was sent since it was told', async () => {
    const alice = await there.newcomer()
    there.broker.buyingPower = new Big(100)
    expect(await alice.say('buy 60 bynd')).toMatch(/BOUGHT 60 BYND/)
    expect(await alice.say('buy 60 bynd')).toMatch(/takes \$60.60, and the account has \$39.40 of buying power/)
    there.broker.buyingPower = new Big(1_000_000)
  })

  test('an account that it blocks gets no orders that open, and its exits go on', async () => {
    const alice = await there.newcomer()
    await alice.say('buy 60 bynd')
    await there.desk.desk.parts.db.deleteFrom('venue_balances').where('account_id', '=', alice.accountId).execute()
    there.broker.blocked = 'account is restricted'
    expect(await alice.say('buy 5 bynd')).toMatch(/may not trade now, the venue says: account is restricted/)
    expect(await alice.say('close now')).toMatch(/SOLD 60 BYND/)
    there.broker.blocked = undefined
  })

  test('an exit needs no fresh price of the desk, and what opens does', async () => {
    const alice = await there.newcomer()
    await alice.say('buy 60 bynd')
    there.desk.market.stale('BYND', 'the quote is 65 s old (limit 15 s)')
    expect(await alice.say('sell 10 bynd')).toMatch(/SOLD 10 BYND/)
    expect(await alice.say('trim half')).toMatch(/SOLD 25 BYND/)
    expect(await alice.say('buy 5 bynd')).toMatch(/BYND cannot be traded now: the quote is 65 s old/)
    expect(await alice.say('close bynd now')).toMatch(/SOLD 25 BYND/)
    expect(sent(alice.account)).toEqual(['buy 60 BYND', 'sell 10 BYND', 'sell 25 BYND', 'sell 25 BYND'])
    there.price('BYND', '1.01')
  })

  test('a silent broker gets no orders that open: what is not known is not traded', async () => {
    const alice = await there.newcomer()
    there.broker.isSilent = true
    expect(await alice.say('buy 5 bynd')).toMatch(/does not say now whether|does not tell the buying power/)
    there.broker.isSilent = false
    expect(sent(alice.account)).toEqual([])
  })

  test('nothing rests on both sides of a symbol', async () => {
    const alice = await there.newcomer()
    await alice.say('buy 100 bynd')
    await alice.say('sell 50 bynd @ 1.05')
    expect(await alice.say('buy 10 bynd @ 1.00')).toMatch(
      /LIMIT SELL 50 BYND @ \$1.05 is working, and the broker takes no orders/,
    )
    expect(await alice.say('cancel 1')).toMatch(/CANCELLED/)
    expect(await alice.say('buy 10 bynd @ 1.00')).toMatch(/LIMIT BUY ORDER 10 BYND/)
    expect(await alice.say('sell 50 bynd')).toMatch(/LIMIT BUY 10 BYND @ \$1.00 is working/)
    expect(await alice.say('close now')).toMatch(/SOLD 100 BYND/)
    expect(there.broker.working().filter((one) => one.sent.account === alice.account)).toEqual([])
  })

  test('its refusal of an order is told in its words', async () => {
    const alice = await there.newcomer()
    there.broker.refusals.push('symbol is under a trading restriction')
    expect(await alice.say('buy 5 bynd')).toMatch(/did not take the order: symbol is under a trading restriction/)
  })
})
