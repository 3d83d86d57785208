import { expect } from 'vitest'
import { browser } from '../api/link-page.ts'
import { startAlpacaServer } from '../platforms/alpaca/server.ts'
import { startTradeStationServer } from '../platforms/tradestation/server.ts'
import { fridayClock } from '../support/friday.ts'

/** An account at a local broker. */
export interface AtBroker {
  /** The characters of its number that a member sees: `••••1234`. */
  masked: string
  held(): string
  /** Orders and executions that ever were. */
  orders(): number
  executions(): number
  /** Stops that rest there now. */
  restingStops(): number
  /** Gives the way into it on the private page of a link, in a new browser. */
  giveOn(page: string): Promise<void>
}

/** A local broker on a Friday morning, with BYND at $1.01 in small sizes. */
export interface LocalBroker {
  environment: Record<string, string>
  now(): Date
  /** A new account with so many BYND that no order explains. */
  account(shares?: string): AtBroker
  /** Tries a page that another browser has opened; returns the status of the answer. */
  tryLate(page: string): Promise<number>
  close(): Promise<void>
}

/** The brokers by the names that members see, and the words that name them in chat. */
export const brokers: { title: string; venue: string; open(api: () => string): Promise<LocalBroker> }[] = [
  { title: 'Alpaca', venue: 'alpaca', open: openAlpaca },
  { title: 'TradeStation', venue: 'tradestation', open: openTradeStation },
]

/** Fewer shares than a chunk has, and new ones soon. */
const size = '300'
const newSharesMs = 50

const friday = fridayClock()
const aheadOfNow = () => friday.now().getTime() - Date.now()

async function openAlpaca(api: () => string): Promise<LocalBroker> {
  const alpaca = await startAlpacaServer({ seed: 5, isByHand: false })
  alpaca.skew(aheadOfNow())
  alpaca.addAsset('BYND')
  const quote = () => alpaca.setPrice('BYND', '1.01', '1.02', { size })
  quote()
  const quoting = setInterval(quote, newSharesMs)
  return {
    environment: { ALPACA_API: alpaca.url, ALPACA_PAPER_API: alpaca.paperUrl },
    now: alpaca.now,
    account(shares) {
      const account = alpaca.addAccount()
      const { keyId, secret, number } = account
      if (shares) alpaca.hold(account, 'BYND', shares, '0.63')
      return {
        masked: `••••${number.slice(-4)}`,
        held: () => alpaca.held(account, 'BYND').toFixed(),
        orders: () => alpaca.orders(account).length,
        executions: () => alpaca.executions(account).length,
        restingStops: () =>
          alpaca.orders(account).filter(({ type, status }) => type === 'stop' && status === 'new').length,
        async giveOn(page) {
          const tab = await openedIn(api(), page)
          await tab.send(`${page}/keys`, { key_id: keyId, secret })
        },
      }
    },
    async tryLate(page) {
      const { keyId, secret } = alpaca.addAccount()
      return (await browser(api()).send(`${page}/keys`, { key_id: keyId, secret })).status
    },
    async close() {
      clearInterval(quoting)
      await alpaca.close()
    },
  }
}

async function openTradeStation(api: () => string): Promise<LocalBroker> {
  const ts = await startTradeStationServer({ seed: 5, isByHand: false, isLimited: false, heartbeatMs: 300 })
  ts.skew(aheadOfNow())
  ts.oauth.rotates = true
  ts.addSymbol('BYND')
  const quote = () => ts.setPrice('BYND', '1.01', '1.02', { size })
  quote()
  const quoting = setInterval(quote, newSharesMs)
  return {
    environment: {
      ...{ TRADESTATION_API: ts.url, TRADESTATION_SIM_API: ts.simUrl, TRADESTATION_SIGN_IN: ts.signInUrl },
      TRADESTATION_OAUTH_CLIENT_ID: ts.oauth.clientId,
      TRADESTATION_OAUTH_CLIENT_SECRET: ts.oauth.clientSecret,
    },
    now: ts.now,
    account(shares) {
      const account = ts.addAccount({ cash: '100000' })
      if (shares) ts.hold(account, 'BYND', shares, '0.63')
      return {
        masked: `••••${account.id.slice(-4)}`,
        held: () => ts.held(account, 'BYND').toFixed(),
        orders: () => ts.orders(account).length,
        executions: () => ts.executions(account).length,
        restingStops: () =>
          ts.orders(account).filter(({ type, status }) => type === 'StopMarket' && status === 'ACK').length,
        async giveOn(page) {
          const tab = await openedIn(api(), page)
          ts.oauth.signIn(account.user)
          const away = await tab.send(`${page}/sign-in`)
          const signIn = /href="([^"]+)" rel/.exec(away.text)![1]!.replaceAll('&amp;', '&')
          const back = await fetch(signIn, { redirect: 'manual' })
          const done = await tab.open(back.headers.get('location')!)
          expect(done.text).toContain('Now answer in chat')
        },
      }
    },
    tryLate: async (page) => (await browser(api()).send(`${page}/sign-in`)).status,
    async close() {
      clearInterval(quoting)
      await ts.close()
    },
  }
}

async function openedIn(api: string, page: string): Promise<ReturnType<typeof browser>> {
  const tab = browser(api)
  await tab.send(`${page}/open`)
  return tab
}
