import { expect, onTestFinished, test } from 'vitest'
import { claimsOf } from '../../src/venues/broker-orders/claims.ts'
import { confirmIdOf } from '../../src/venues/tradestation/confirm-id.ts'
import type { Account } from '../platforms/tradestation/account.ts'
import { startTradeStationServer, type TradeStationServer } from '../platforms/tradestation/server.ts'
import { fridayClock } from '../support/friday.ts'
import { expectOneOrderAChunk } from './ledger.ts'
import { expectBooksAgree, openSceneAt, type SceneAtBroker } from './linked-scene.ts'
import { moments } from './moments.ts'
import type { Life } from './scene.ts'

// At a broker that shows no id of the desk's, an order without an answer is found by its terms, also by the next process.

/** More time passes between two lives than a lease of an account or of a reply lasts. */
const downSeconds = 40
const patience = { timeout: 240_000 }
const poll = <Value>(look: () => Promise<Value> | Value) => expect.poll(look, { timeout: 60_000, interval: 10 })
const [, unsent, taken, unwoken] = moments

interface AtTradeStation extends SceneAtBroker {
  ts: TradeStationServer
  account: Account
}

/** A scene at a TradeStation with 3,750 BYND that no order explains, on a Friday morning. */
async function open(): Promise<AtTradeStation> {
  const ts = await startTradeStationServer({ isByHand: false, isLimited: false, heartbeatMs: 500 })
  onTestFinished(() => ts.close())
  const clockAheadMs = fridayClock().now().getTime() - Date.now()
  ts.skew(clockAheadMs)
  ts.addSymbol('BYND')
  ts.setPrice('BYND', '1.01', '1.01')
  const account = ts.addAccount({ cash: '100000' })
  ts.hold(account, 'BYND', '3750', '0.63')
  const { id } = account
  const at = { venue: 'tradestation', account: id }
  const scene = await openSceneAt({
    ...{
      venue: 'tradestation',
      account: id,
      masked: `••••${id.slice(-4)}`,
      mode: 'paper',
      cash: '100000',
      clockAheadMs,
    },
    credentials() {
      const { access_token: accessToken, refresh_token: refreshToken, expires_in } = ts.oauth.grant(account.user)
      return { kind: 'oauth', accessToken, refreshToken, expiresAt: new Date(ts.now().getTime() + expires_in * 1000) }
    },
    environment: {
      ...{ TRADESTATION_API: ts.url, TRADESTATION_SIM_API: ts.simUrl, TRADESTATION_SIGN_IN: ts.signInUrl },
      TRADESTATION_OAUTH_CLIENT_ID: ts.oauth.clientId,
      TRADESTATION_OAUTH_CLIENT_SECRET: ts.oauth.clientSecret,
    },
    setPrice: (price, size) => ts.setPrice('BYND', price, price, { size }),
    async executions(db) {
      const all = ts.executions(account)
      const owners = await claimsOf(db, at, [...new Set(all.map(({ order }) => order.id))])
      return all.map(({ order, quantity, price }) => ({ quantity, price, sentAs: owners.get(order.id) ?? 'nobody' }))
    },
    held: () => ts.held(account, 'BYND'),
  })
  return { ...scene, ts, account }
}

const seen = ({ platform }: AtTradeStation, text: RegExp) => platform.seen().filter((one) => text.test(one.text)).length

/** Each order of the desk arrived once, under its own id. */
async function expectSentOnce({ ts, account, db }: AtTradeStation): Promise<void> {
  const sent = await db.selectFrom('orders').select('sent_as').where('purpose', '<>', 'record').execute()
  const arrived = sent.map(({ sent_as }) => ts.ordersNamed(confirmIdOf(sent_as)).length)
  expect(arrived).toEqual(sent.map(() => 1))
  expect(ts.orders(account)).toHaveLength(sent.length)
}

test(
  'a scaleout at TradeStation sells once when its process dies at the first, a middle and the last chunk',
  patience,
  async () => {
    const scene = await open()
    let life = await scene.begin()
    await scene.link()
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await life.diesAt({ moment: taken, chunk: 'first' })
    await scene.platform.say('scaleout fast')
    expect(await life.ended).toBe('SIGKILL')
    for (const death of [
      { moment: unsent, chunk: 'middle' },
      { moment: unwoken, chunk: 'last' },
    ] as const) {
      await scene.letPass(downSeconds)
      life = await scene.begin({ death })
      expect(await life.ended).toBe('SIGKILL')
    }
    await scene.letPass(downSeconds)
    await scene.begin()
    await scene.sees(/^🎉/)
    await scene.comesToRest()
    await expectOneOrderAChunk(scene.db)
    await expectBooksAgree(scene)
    await expectSentOnce(scene)
    expect(seen(scene, /^🎉/)).toBe(1)
  },
)

/** The ways in which the process dies while a touched stop closes a position. */
const deaths: [name: string, (scene: AtTradeStation, life: Life) => Promise<void>][] = [
  [
    'before the order leaves',
    async ({ price }, life) => {
      await life.diesAt({ moment: 'after the order row, before the venue has it' })
      price('0.94')
    },
  ],
  [
    'while the broker has the order and says nothing',
    async ({ ts, account, price }, life) => {
      const before = ts.orders(account).length
      ts.failNext({ method: 'POST', path: /orders$/, as: 'silent' })
      price('0.94')
      await poll(() => ts.orders(account).length).toBe(before + 1)
      await life.kill()
    },
  ],
  [
    'before the answer is booked',
    async ({ price }, life) => {
      await life.diesAt({ moment: 'after the venue took it, before the desk knows' })
      price('0.94')
    },
  ],
  [
    'while a part is booked, and the rest is open',
    async ({ db, price }, life) => {
      price('0.94', '40')
      const parts = () =>
        db.selectFrom('orders').select('filled_quantity').where('state', '=', 'partly_filled').execute()
      await poll(parts).toEqual([{ filled_quantity: '40' }])
      await life.kill()
    },
  ],
]

test('a touched stop at TradeStation sells once and says so once, however its process dies', patience, async () => {
  const scene = await open()
  let life = await scene.begin()
  await scene.link()
  let left = 3750
  for (const [index, [name, die]] of deaths.entries()) {
    // Each message of the desk has another text.
    const quantity = 100 + index
    await scene.ask(`long BYND ${quantity} @ .63`, /^✓ LONG/)
    await scene.ask('stop .95', /STOP SET/)
    await die(scene, life)
    expect(await life.ended, name).toBe('SIGKILL')
    await scene.letPass(downSeconds)
    scene.price('0.94')
    life = await scene.begin()
    await poll(() => seen(scene, /^🛑 STOP HIT — BYND\n[\s\S]*Position: FLAT/)).toBe(index + 1)
    await scene.comesToRest()
    left -= quantity
    await expectBooksAgree(scene, 0, left)
    await expectSentOnce(scene)
    scene.price('1.01')
  }
})
