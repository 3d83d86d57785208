import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { browser, linkAskedOf, linkOf } from '../../api/link-page.ts'
import { type ServedApi, serveApi } from '../../api/serve.ts'
import { passTime } from '../../platforms/broker/passing-time.ts'
import type { Account } from '../../platforms/tradestation/account.ts'
import { startTradeStationServer, type TradeStationServer } from '../../platforms/tradestation/server.ts'
import { handMarket, openTestDesk, type TestDesk } from '../../support/desk.ts'
import { someone } from '../../talk/commands/someone.ts'

type Someone = ReturnType<typeof someone>

/** A desk beside a local TradeStation, at which its people link accounts by signing in. */
export interface DeskAtTradeStation {
  ts: TradeStationServer
  desk: TestDesk
  api: ServedApi
  /** Sets bid and ask for the desk and at the broker, in dollars. */
  price(symbol: string, bid: string, ask: string, size?: string): void
  /** Everything that the outbox has posted so far. */
  said(): string
  /** A person who has linked a new account of the simulator with $100,000 that holds so many BYND, bought at $0.63, and uses it here. `beside`: the same sign-in has these accounts, too, and they come before it. */
  linked(quantity: string, beside?: OtherAccount[]): Promise<Linked>
  close(): Promise<void>
}

/** Another account of a sign-in. */
export interface OtherAccount {
  type: Account['type']
  /** `Active` by default. */
  status?: string
}

export interface Linked {
  account: Account
  /** The other accounts of the sign-in. */
  others: Account[]
  alice: Someone
}

/** Opens a local TradeStation and a desk beside it. A second here is `scale` seconds there. */
export async function openDeskAtTradeStation(seed: number, scale: number): Promise<DeskAtTradeStation> {
  const ts = await startTradeStationServer({ seed, heartbeatMs: 300 })
  ts.addSymbol('BYND')
  ts.oauth.rotates = true
  const prices = new Map<string, [bid: string, ask: string, size?: string]>()
  const tell = () => {
    for (const [symbol, [bid, ask, size]] of prices) {
      ts.setPrice(symbol, bid, ask, { size })
      market.set(symbol, bid, ask)
    }
  }
  const passing = passTime(ts, { scale, onSecond: tell })
  const market = handMarket(passing.clock.now)
  const desk = await openTestDesk({
    clock: passing.clock,
    market,
    sweepEveryMs: 500,
    accounts: { busyEveryMs: 1000, idleEveryMs: 1000, tickMs: 100 },
    environment: {
      TRADESTATION_API: ts.url,
      TRADESTATION_SIM_API: ts.simUrl,
      TRADESTATION_SIGN_IN: ts.signInUrl,
      TRADESTATION_OAUTH_CLIENT_ID: ts.oauth.clientId,
      TRADESTATION_OAUTH_CLIENT_SECRET: ts.oauth.clientSecret,
      CREDENTIALS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    },
  })
  const api = await serveApi(desk)
  return {
    ts,
    desk,
    api,
    price(symbol, bid, ask, size) {
      prices.set(symbol, [bid, ask, size])
      tell()
    },
    said: () => desk.posted.map(({ text }) => text).join('\n\n'),
    async linked(quantity, beside = []) {
      const others: Account[] = []
      for (const { type, status } of beside) {
        const other = ts.addAccount({ type, user: others[0]?.user })
        others.push(Object.assign(other, { status: status ?? 'Active' }))
      }
      const account = ts.addAccount({ cash: '100000', user: others[0]?.user })
      if (quantity !== '0') ts.hold(account, 'BYND', quantity, '0.63')
      const alice = someone(desk)
      const url = await linkOf(alice, 'link tradestation')
      const tab = browser(api.url)
      const form = await tab.send(`${url}/open`)
      expect(form.text).toContain('Sign in at TradeStation')
      expect(form.text).not.toContain('name="secret"')
      ts.oauth.signIn(account.user)
      const away = await tab.send(`${url}/sign-in`)
      const page = /href="([^"]+)" rel/.exec(away.text)![1]!.replaceAll('&amp;', '&')
      const back = await fetch(page, { redirect: 'manual' })
      const done = await tab.open(back.headers.get('location')!)
      expect(done.text).toContain('Now answer in chat')
      const [linked] = await alice.press(await linkAskedOf(desk, alice), 'yes')
      expect(linked!.text).toContain('✓ Linked BROKER PAPER at TradeStation')
      await alice.say('use tradestation-paper')
      return { account, others, alice }
    },
    async close() {
      await api.close()
      await desk.close()
      await passing.end()
      await ts.close()
    },
  }
}

/** Waits for something there: a minute at most. */
export const until = <Value>(look: () => Promise<Value> | Value) => expect.poll(look, { timeout: 60_000, interval: 50 })
