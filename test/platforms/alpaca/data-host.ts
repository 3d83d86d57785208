import type { IncomingMessage } from 'node:http'
import type { Answer, Heard } from '../broker/answering.ts'
import type { Account } from './account.ts'
import type { CorporateAction } from './by-hand.ts'
import { type Plan, serveData } from './data-rest.ts'
import { createDataStreams, type DataStreams } from './data-stream.ts'
import { createMarketData, type MarketData } from './market-data.ts'
import { Refusal } from './refusals.ts'
import { credentialsIn, type TokenHolders } from './sign-in.ts'
import type { World } from './world.ts'

/** The hands on the data. */
export interface DataHands {
  /** A key for data alone, as the desk's own. */
  dataKey: { keyId: string; secret: string }
  /** `basic`: IEX, SIP with 15 minutes' delay, few symbols; `plus`: everything. */
  plan: Plan
  /** A quote that only one feed has, until the next `setPrice`: small feeds misprice small caps. No order is filled at it. */
  setFeedPrice(symbol: string, feed: 'iex' | 'sip', bid: string, ask: string): void
  giveBars: MarketData['giveBars']
  cutDataStreams(): void
  freezeDataStreams(): void
  subscriptions: DataStreams['subscriptions']
}

/** The data API and its sockets. */
export interface DataHost {
  hands: DataHands
  streams: DataStreams
  serve(heard: Heard, request: IncomingMessage): Answer
  moved(symbol: string, isTraded: boolean): void
  rename(symbol: string, newSymbol: string): void
}

const minuteMs = 60_000

/** The data of a world. The delayed feed has no news on its socket here: its quotes are read. */
export function createDataHost(
  world: World,
  corporateActions: CorporateAction[],
  holders: TokenHolders,
  options: { mostSymbols?: number; patienceMs?: number },
): DataHost {
  const data = createMarketData(world, corporateActions)
  const dataKey = { keyId: `PK${world.ids.letters(18)}`, secret: `${world.ids.letters(32)}${world.ids.letters(8)}` }
  const isKey = (keyId: unknown, secret: unknown) =>
    [dataKey, ...world.accounts].some(
      (one: Pick<Account, 'keyId' | 'secret'>) => one.keyId === keyId && one.secret === secret,
    )
  const { mostSymbols = 30, patienceMs = 10_000 } = options
  const streams = createDataStreams(world, { isKey, plan: () => hands.plan, mostSymbols, patienceMs })

  const hands: DataHands = {
    dataKey,
    plan: 'basic',
    setFeedPrice(symbol, feed, bid, ask) {
      streams.quoted(symbol, feed, data.setFeedQuote(symbol, feed, bid, ask), false)
    },
    giveBars(symbol, timeframe, bars) {
      data.giveBars(symbol, timeframe, bars)
      const last = data.newest(symbol, timeframe)
      const age = last ? world.now().getTime() - new Date(last.t).getTime() : 0
      if (last && timeframe === '1Min' && age < 2 * minuteMs) streams.barred(symbol, last)
    },
    cutDataStreams: streams.cut,
    freezeDataStreams: streams.freeze,
    subscriptions: streams.subscriptions,
  }

  return {
    hands,
    streams,
    serve(heard, request) {
      const { keyId, secret, token } = credentialsIn(request)
      const isKnown = token ? holders(token).length > 0 : isKey(keyId, secret)
      if (!isKnown) throw new Refusal(401, undefined, 'request is not authorized')
      return serveData({ world, data, corporateActions, plan: () => hands.plan }, heard)
    },
    moved(symbol, isTraded) {
      data.moved(symbol)
      const quote = world.quotes.get(symbol)!
      for (const feed of ['iex', 'sip'] as const) streams.quoted(symbol, feed, quote, isTraded)
    },
    rename: data.rename,
  }
}
