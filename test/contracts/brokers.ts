import { expect } from 'vitest'
import { browser } from '../api/link-page.ts'
import { startAlpacaServer } from '../platforms/alpaca/server.ts'
import { startKrakenServer } from '../platforms/kraken/server.ts'
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

/** A local broker on a Friday morning, with BYND at $1.01 in small sizes, or a local exchange with BTC-USD at $63,000. */
export interface LocalBroker {
  environment: Record<string, string>
  now(): Date
  /** A new account with so many units that no order explains. */
  account(units?: string): AtBroker
  /** Tries a page that another browser has opened; returns the status of the answer. */
  tryLate(page: string): Promise<number>
  close(): Promise<void>
}

/** A broker, or an exchange, in the words of the desk. */
export interface BrokerInChat {
  /** Its name as members see it, and the word that names it in chat. */
  title: string
  venue: string
  /** The kind of its accounts, and the end of their names: `alpaca-paper`. */
  badge: 'BROKER PAPER' | 'LIVE'
  ending: 'paper' | 'live'
  /** The position that a scaleout sells, as it is typed and as the desk shows it. */
  symbol: string
  units: string
  typed: string
  shown: RegExp
  open(api: () => string): Promise<LocalBroker>
}

const shares = {
  badge: 'BROKER PAPER',
  ending: 'paper',
  symbol: 'BYND',
  units: '3750',
  typed: 'long BYND 3750 @ .63',
  shown: /^✓ LONG 3,750 BYND @ \$0\.63/,
} as const
const coins = {
  badge: 'LIVE',
  ending: 'live',
  symbol: 'BTC-USD',
  units: '1.5',
  typed: 'long BTC-USD 1.5 @ 60000',
  shown: /^✓ LONG 1\.5 BTC-USD @ \$60,000\.00/,
} as const

export const brokers: BrokerInChat[] = [
  { title: 'Alpaca', venue: 'alpaca', ...shares, open: openAlpaca },
  { title: 'TradeStation', venue: 'tradestation', ...shares, open: openTradeStation },
  { title: 'Kraken', venue: 'kraken', ...coins, open: openKraken },
]

/** Fewer shares or coins than a chunk has, and new ones soon. */
const size = '300'
const fewCoins = '0.05'
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

async function openKraken(api: () => string): Promise<LocalBroker> {
  const kraken = await startKrakenServer({ seed: 5, isByHand: false, isLimited: false })
  kraken.addPair('XBT/USD')
  const quote = () => kraken.setPrice('XBT/USD', '63000.0', '63000.1', { size: fewCoins })
  quote()
  const quoting = setInterval(quote, newSharesMs)
  return {
    environment: { CCXT_EXCHANGES: 'kraken', CCXT_URLS: `kraken=${kraken.url}` },
    now: kraken.now,
    account(units) {
      const account = kraken.addAccount()
      if (units) kraken.hold(account, 'XBT', units)
      return {
        masked: `••••${account.iban.slice(-4)}`,
        held: () => kraken.held(account, 'XBT').toFixed(),
        orders: () => kraken.orders(account).length,
        executions: () => kraken.trades(account).length,
        // The desk watches stops there by itself.
        restingStops: () => 0,
        async giveOn(page) {
          const tab = await openedIn(api(), page)
          await tab.send(`${page}/keys`, { key_id: account.key, secret: account.secret })
        },
      }
    },
    async tryLate(page) {
      const { key, secret } = kraken.addAccount()
      return (await browser(api()).send(`${page}/keys`, { key_id: key, secret })).status
    },
    async close() {
      clearInterval(quoting)
      await kraken.close()
    },
  }
}

async function openedIn(api: string, page: string): Promise<ReturnType<typeof browser>> {
  const tab = browser(api)
  await tab.send(`${page}/open`)
  return tab
}
