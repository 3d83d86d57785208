import { expect, onTestFinished, test } from 'vitest'
import { claimsOf } from '../../src/venues/broker-orders/claims.ts'
import { exchangeIdOf } from '../../src/venues/ccxt/order-map.ts'
import type { Account } from '../platforms/kraken/account.ts'
import { type KrakenServer, startKrakenServer } from '../platforms/kraken/server.ts'
import { nameOf } from '../venues/ccxt/under-test.ts'
import { expectOneOrderAChunk } from './ledger.ts'
import { expectBooksAgree, openSceneAt, type SceneAtBroker } from './linked-scene.ts'

// At an exchange that refuses an id twice among open orders alone, no order goes out again, whoever finds it.

/** More time passes between two lives than a lease of an account or of a reply lasts. */
const downSeconds = 40

interface AtKraken extends SceneAtBroker {
  kraken: KrakenServer
  account: Account
}

/** A scene at a Kraken with so many DOGE that no order explains, at $1.01. */
async function open(coins: number): Promise<AtKraken> {
  const kraken = await startKrakenServer({ isByHand: false, isLimited: false })
  onTestFinished(() => kraken.close())
  kraken.addPair('XDG/USD', { priceDecimals: 5 })
  const account = kraken.addAccount()
  kraken.hold(account, 'XDG', String(coins))
  const at = { venue: 'kraken', account: nameOf(account) }
  const scene = await openSceneAt({
    ...{ venue: 'kraken', account: at.account, masked: `••••${at.account.slice(-4)}`, mode: 'live', cash: '100000' },
    symbol: 'DOGE-USD',
    credentials: () => ({ kind: 'keys', keyId: account.key, secret: account.secret }),
    environment: { CCXT_EXCHANGES: 'kraken', CCXT_URLS: `kraken=${kraken.url}` },
    setPrice: (price, size) => kraken.setPrice('XDG/USD', price, price, { size }),
    async executions(db) {
      const all = kraken.trades(account)
      const owners = await claimsOf(db, at, [...new Set(all.map(({ order }) => order.id))])
      return all.map(({ order, quantity, price }) => ({ quantity, price, sentAs: owners.get(order.id) ?? 'nobody' }))
    },
    held: () => kraken.held(account, 'XDG'),
  })
  scene.price('1.01')
  return { ...scene, kraken, account }
}

/** Each order of the desk arrived once, under its own id. */
async function expectSentOnce({ kraken, account, db }: AtKraken): Promise<void> {
  const sent = await db.selectFrom('orders').select('sent_as').where('purpose', '<>', 'record').execute()
  const arrived = kraken.orders(account).map(({ clientId }) => clientId)
  expect(arrived.toSorted()).toEqual(sent.map(({ sent_as }) => exchangeIdOf(sent_as, 0)).toSorted())
}

test('a scaleout and a touched stop at Kraken sell once, however their process dies', {
  timeout: 240_000,
}, async () => {
  const scene = await open(850)
  const { kraken, account, platform } = scene
  let life = await scene.begin()
  await scene.link()
  await scene.ask('long DOGE-USD 750 @ .63', /^✓ LONG/)
  await life.diesAt({ moment: 'after the venue took it, before the desk knows', chunk: 'first' })
  await platform.say('scaleout fast')
  expect(await life.ended).toBe('SIGKILL')
  await scene.letPass(downSeconds)
  life = await scene.begin()
  await scene.sees(/^🎉/)
  await scene.comesToRest()
  await expectOneOrderAChunk(scene.db)
  await expectBooksAgree(scene, 0, 100)

  await scene.ask('long DOGE-USD 100 @ .63', /^✓ LONG/)
  await scene.ask('stop .95', /STOP SET/)
  const before = kraken.orders(account).length
  // The exchange has the order, and says nothing before the process dies.
  kraken.failNext({ path: /AddOrder$/, as: 'silent' })
  scene.price('0.94')
  await expect.poll(() => kraken.orders(account).length, { timeout: 60_000, interval: 10 }).toBe(before + 1)
  await life.kill()
  await scene.letPass(downSeconds)
  await scene.begin()
  await scene.sees(/^🛑 STOP HIT — DOGE-USD\n[\s\S]*Position: FLAT/)
  await scene.comesToRest()
  await expectBooksAgree(scene)
  await expectSentOnce(scene)
  const told = (text: RegExp) => platform.seen().filter((one) => text.test(one.text)).length
  expect([told(/^🎉/), told(/^🛑 STOP HIT/)]).toEqual([1, 1])
})
