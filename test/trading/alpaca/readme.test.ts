import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Big, sum, zero } from '../../../src/base/amounts.ts'
import { browser, linkAskedOf, linkOf } from '../../api/link-page.ts'
import { type ServedApi, serveApi } from '../../api/serve.ts'
import type { Account } from '../../platforms/alpaca/account.ts'
import { passTime } from '../../platforms/alpaca/passing-time.ts'
import { startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { someone } from '../../talk/commands/someone.ts'

// The conversation of the README, on a linked account, with Alpaca's prices. A second here is half a minute there.

const alpaca = await startAlpacaServer({ seed: 14 })
const own = alpaca.addAccount()
alpaca.addAsset('BYND', { name: 'Beyond Meat, Inc.' })
// Fewer shares than any chunk has, and new ones each second.
const price = () => alpaca.setPrice('BYND', '1.03', '1.04', { size: '200' })
price()
const passing = passTime(alpaca, { scale: 30, onSecond: price })

let desk: TestDesk
let api: ServedApi
beforeAll(async () => {
  desk = await openTestDesk({
    clock: passing.clock,
    readsMarket: true,
    sweepEveryMs: 500,
    accounts: { busyEveryMs: 1000, idleEveryMs: 1000, tickMs: 100 },
    environment: {
      MARKET: 'alpaca',
      ALPACA_API: alpaca.url,
      ALPACA_PAPER_API: alpaca.paperUrl,
      ALPACA_DATA_API: alpaca.dataUrl,
      ALPACA_DATA_STREAM: alpaca.dataStreamUrl,
      ALPACA_KEY_ID: own.keyId,
      ALPACA_SECRET_KEY: own.secret,
      CREDENTIALS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    },
  })
  api = await serveApi(desk)
})
afterAll(async () => {
  await api.close()
  await desk.close()
  await passing.end()
  await alpaca.close()
})

const until = <Value>(look: () => Promise<Value> | Value) => expect.poll(look, { timeout: 60_000, interval: 50 })
const filledAt = (account: Account) => alpaca.executions(account).map(({ quantity }) => quantity)

test('the conversation of the README ends FLAT with fills in parts and three lost frames, and the books agree', async () => {
  const account = alpaca.addAccount({ cash: '100000' })
  alpaca.hold(account, 'BYND', '3750', '0.63')
  const alice = someone(desk)
  const url = await linkOf(alice)
  const tab = browser(api.url)
  await tab.send(`${url}/open`)
  await tab.send(`${url}/keys`, { key_id: account.keyId, secret: account.secret })
  expect((await alice.press(await linkAskedOf(desk, alice), 'yes'))[0]!.text).toContain('✓ Linked BROKER PAPER')
  await alice.say('use alpaca-paper')
  await until(() => alpaca.listening().length).toBe(1)

  expect(await alice.say('long BYND 3750 @ .63')).toContain('✓ LONG 3,750 BYND @ $0.63')
  expect(await alice.say('scaleout')).toContain('How fast should I scale out?')
  const notLost = alpaca.loseFrames(account, 3)
  expect(await alice.say('1')).toContain('SCALEOUT INITIATED - BYND')
  expect(await alice.say('pl')).toContain('Unrealized P&L: $+1,500.00')

  const said = () => desk.posted.map(({ text }) => text).join('\n\n')
  await until(said).toContain('Position: FLAT')
  expect(notLost()).toBe(0)
  expect(said()).toContain('🎉 SCALEOUT COMPLETE - BYND')
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  expect(await alice.say('positions')).toContain('No open positions')

  const { db } = desk.desk.parts
  const orders = await db.selectFrom('orders').selectAll().where('purpose', '<>', 'record').execute()
  const sent = alpaca.orders(account)
  expect(sent.map(({ clientOrderId }) => clientOrderId).sort()).toEqual(orders.map(({ sent_as }) => sent_as).sort())
  expect(alpaca.held(account, 'BYND')).toEqual(zero)
  const fills = await db
    .selectFrom('fills as f')
    .innerJoin('orders as o', 'o.id', 'f.order_id')
    .selectAll('f')
    .where('o.purpose', '<>', 'record')
    .execute()
  // More fills than orders: they came in parts.
  expect(fills.length).toBeGreaterThan(orders.length)
  expect(fills).toHaveLength(filledAt(account).length)
  expect(sum(filledAt(account)).toFixed()).toBe('3750')
  expect(sum(fills.map(({ quantity }) => new Big(quantity))).toFixed()).toBe('3750')
  const came = sum(alpaca.executions(account).map(({ quantity, price: each }) => quantity.times(each)))
  const { realized_pnl } = await db.selectFrom('positions').select('realized_pnl').executeTakeFirstOrThrow()
  expect(new Big(realized_pnl).toFixed()).toBe(came.minus(new Big('0.63').times(3750)).toFixed())
})
