import { onTestFinished } from 'vitest'
import { openYahoo } from '../../../src/market/feeds/yahoo/yahoo.ts'
import type { Market } from '../../../src/market/market.ts'
import { startYahooServer, type YahooServer } from '../../platforms/yahoo-server.ts'
import type { Ground } from './opened.ts'

/** A time in Unix seconds. */
export const seconds = (time: string) => new Date(time).getTime() / 1000

/** Apple in the session, as Yahoo writes it. */
export const aapl = {
  quoteType: 'EQUITY',
  currency: 'USD',
  shortName: 'Apple Inc.',
  longName: 'Apple Inc.',
  marketState: 'REGULAR',
  quoteSourceName: 'Nasdaq Real Time Price',
  priceHint: 2,
  regularMarketPrice: 268.5,
  regularMarketTime: seconds('2026-11-20T14:59:58Z'),
  bid: 268.48,
  ask: 268.52,
  exchangeDataDelayedBy: 0,
  sourceInterval: 15,
}

/** An open feed with its server; `open` is another process. */
export interface Opened {
  on: Ground
  server: YahooServer
  market: Market
  open(): Promise<Market>
}

/** The feed on a server that knows AAPL, with pauses too short to be noticed. */
export async function openedYahoo(ground: Ground): Promise<Opened> {
  const on = ground
  const server = await startYahooServer(() => on.clock.now().getTime())
  server.symbols.set('AAPL', { quote: aapl })
  onTestFinished(() => server.close())
  const open = async () => {
    const market = await openYahoo(
      { ...on, client: { pauseMs: 1, timeoutMs: 1000 }, freshMs: 5, pollEveryMs: 50 },
      { yahoo: { api: server.url } },
    )
    onTestFinished(() => market.close())
    return market
  }
  return { on, server, open, market: await open() }
}

/** The number of requests for a path. */
export const asked = ({ requests }: YahooServer, path: string) => requests.filter((one) => one.path === path).length
export const quotePath = '/v7/finance/quote'
/** The words of the last fault. */
export const faultOf = (market: Market) => market.providers!()[0]!.lastFault?.words
