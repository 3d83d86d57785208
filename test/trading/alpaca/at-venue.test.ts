import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browser, linkAskedOf, linkOf } from '../../api/link-page.ts'
import { type ServedApi, serveApi } from '../../api/serve.ts'
import { passTime } from '../../platforms/alpaca/passing-time.ts'
import { startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { someone } from '../../talk/commands/someone.ts'

// A stop and a target that rest at a local Alpaca. A second here is ten seconds there: what is taken back for a sale must not rest again before it.

const alpaca = await startAlpacaServer({ seed: 15 })
const own = alpaca.addAccount()
alpaca.addAsset('BYND', { name: 'Beyond Meat, Inc.' })
let bid = '1.03'
const price = () => alpaca.setPrice('BYND', bid, (Number(bid) + 0.01).toFixed(2), { size: '400' })
price()
const passing = passTime(alpaca, { scale: 10, onSecond: price })

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

test('a stop and a target rest at Alpaca as one order, follow what is sold, and close the rest there', async () => {
  const account = alpaca.addAccount({ cash: '100000' })
  alpaca.hold(account, 'BYND', '100', '0.63')
  const alice = someone(desk)
  const url = await linkOf(alice)
  const tab = browser(api.url)
  await tab.send(`${url}/open`)
  await tab.send(`${url}/keys`, { key_id: account.keyId, secret: account.secret })
  expect((await alice.press(await linkAskedOf(desk, alice), 'yes'))[0]!.text).toContain('✓ Linked BROKER PAPER')
  await alice.say('use alpaca-paper')
  expect(await alice.say('long BYND 100 @ .63')).toContain('✓ LONG 100 BYND @ $0.63')
  expect(await alice.say('protect at venue on')).toContain('PROTECTED AT THE VENUE')
  expect(await alice.say('stop .90')).toContain('STOP SET')
  expect(await alice.say('target 1.50')).toContain('TARGET SET')

  const said = () => desk.posted.map(({ text }) => text).join('\n\n')
  const { db } = desk.desk.parts
  const resting = async () => {
    const rows = await db
      .selectFrom('orders')
      .selectAll()
      .where('purpose', '=', 'protect')
      .where('state', 'in', ['working', 'partly_filled'])
      .where('cancel_asked_at', 'is', null)
      .execute()
    return rows.map((row) => `${Number(row.quantity)} ${row.protects_stop} ${row.protects_target}`)
  }
  await until(resting).toEqual(['100 0.9 1.5'])
  await until(said).toContain('RESTS AT THE VENUE')
  const answer = await alice.say('sell 40')
  await until(() => `${answer}\n${said()}`).toMatch(/SOLD 40 BYND/)
  await until(resting).toEqual(['60 0.9 1.5'])

  bid = '0.85'
  await until(said).toContain('STOP HIT at the venue — BYND')
  await until(said).toContain('Position: FLAT')
  expect(alpaca.held(account, 'BYND').toFixed()).toBe('0')
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  const closes = await db.selectFrom('orders').select('id').where('purpose', 'in', ['stop', 'target']).execute()
  expect(closes).toEqual([])
})
