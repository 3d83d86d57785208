import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { browser, linkAskedOf, linkOf } from '../../api/link-page.ts'
import { type ServedApi, serveApi } from '../../api/serve.ts'
import { passTime } from '../../platforms/broker/passing-time.ts'
import type { Account, AccountOptions } from '../../platforms/kraken/account.ts'
import { type KrakenServer, startKrakenServer } from '../../platforms/kraken/server.ts'
import { handMarket, openTestDesk, type TestDesk } from '../../support/desk.ts'
import { someone } from '../../talk/commands/someone.ts'
import { plenty } from '../../venues/ccxt/under-test.ts'

type Someone = ReturnType<typeof someone>

/** A desk beside a local Kraken, at which its people link accounts by keys. */
export interface DeskAtKraken {
  kraken: KrakenServer
  desk: TestDesk
  api: ServedApi
  /** Sets bid and ask of BTC-USD for the desk and at Kraken, in dollars, and the coins that are there each second. */
  price(bid: string, ask: string, size?: string): void
  /** Everything that the outbox has posted so far. */
  said(): string
  /** A person who is allowed real money, has linked a new account that holds so many coins, and uses it here. */
  linked(coins: string, options?: AccountOptions): Promise<{ account: Account; alice: Someone }>
  /** Gives keys on the page of a link and returns what the page says. */
  give(alice: Someone, account: Account): Promise<string>
  close(): Promise<void>
}

/** Opens a local Kraken and a desk beside it. A second here is `scale` seconds there. */
export async function openDeskAtKraken(seed: number, scale: number): Promise<DeskAtKraken> {
  const kraken = await startKrakenServer({ seed })
  kraken.addPair('XBT/USD')
  let said: [bid: string, ask: string, size?: string] | undefined
  const tell = () => {
    if (!said) return
    const [bid, ask, size] = said
    kraken.setPrice('XBT/USD', bid, ask, { size })
    market.set('BTC-USD', bid, ask)
  }
  const passing = passTime(kraken, { scale, onSecond: tell })
  const market = handMarket(passing.clock.now)
  const desk = await openTestDesk({
    clock: passing.clock,
    market,
    sweepEveryMs: 500,
    accounts: { busyEveryMs: 1000, idleEveryMs: 1000, tickMs: 100 },
    exchangeBudgets: plenty,
    environment: {
      CCXT_EXCHANGES: 'kraken',
      CCXT_URLS: `kraken=${kraken.url}`,
      CREDENTIALS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      DESKHAND_OWNERS: 'slack:T1:CHIEF',
    },
  })
  const api = await serveApi(desk)
  const chief = someone(desk, 'chief')

  async function give(alice: Someone, account: Account): Promise<string> {
    const url = await linkOf(alice, 'link kraken')
    const tab = browser(api.url)
    await tab.send(`${url}/open`)
    return (await tab.send(`${url}/keys`, { key_id: account.key, secret: account.secret })).text
  }

  return {
    kraken,
    desk,
    api,
    price(bid, ask, size) {
      said = [bid, ask, size]
      tell()
    },
    said: () => desk.posted.map(({ text }) => text).join('\n\n'),
    give,
    async linked(coins, options) {
      const account = kraken.addAccount(options)
      if (coins !== '0') kraken.hold(account, 'XBT', coins)
      const alice = someone(desk)
      await alice.say('hello')
      const asked = await chief.say(`allow live slack:T1:${alice.name.toUpperCase()} $10,000,000`)
      expect(asked).toContain(alice.name)
      expect(await chief.say('1')).toContain('$10,000,000.00')
      expect(await give(alice, account)).toContain('Now answer in chat')
      const [linked] = await alice.press(await linkAskedOf(desk, alice), 'yes')
      expect(linked!.text).toContain('✓ Linked LIVE at Kraken')
      await alice.say('use kraken-live')
      return { account, alice }
    },
    async close() {
      await api.close()
      await desk.close()
      await passing.end()
      await kraken.close()
    },
  }
}

/** Waits for something there: a minute at most. */
export const until = <Value>(look: () => Promise<Value> | Value) => expect.poll(look, { timeout: 50_000, interval: 50 })
