import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browser, linkAskedOf, linkOf } from '../../api/link-page.ts'
import { type ServedApi, serveApi } from '../../api/serve.ts'
import { passTime } from '../../platforms/alpaca/passing-time.ts'
import { startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { someone } from '../../talk/commands/someone.ts'

// A share that takes another symbol at a local Alpaca. A second here is half a minute there.

const alpaca = await startAlpacaServer({ seed: 16 })
const own = alpaca.addAccount()
alpaca.addAsset('BYND', { name: 'Beyond Meat, Inc.' })
let symbol = 'BYND'
const price = () => alpaca.setPrice(symbol, '1.03', '1.04', { size: '400' })
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

test('a holding whose company takes another symbol has its price, and is closed by the new one', async () => {
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
  symbol = 'BYON'
  alpaca.rename('BYND', 'BYON')
  const { db } = desk.desk.parts
  const held = async () =>
    (await db.selectFrom('positions').select('symbol').where('closed_at', 'is', null).execute()).map(
      (one) => one.symbol,
    )
  await until(held).toEqual(['BYON'])
  expect(await alice.say('quote BYON')).toContain('$1.03')
  const said = () => desk.posted.map(({ text }) => text).join('\n\n')
  const answer = await alice.say('close BYON now')
  await until(() => `${answer}\n${said()}`).toMatch(/SOLD 100 BYON/)
  await until(() => `${answer}\n${said()}`).toContain('FLAT')
  expect(alpaca.held(account, 'BYON').toFixed()).toBe('0')
})
