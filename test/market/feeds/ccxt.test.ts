import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openCcxtMarket } from '../../../src/market/feeds/ccxt/ccxt-market.ts'
import type { Market, Quote } from '../../../src/market/market.ts'
import { parseMarkets } from '../../../src/market/spec.ts'
import { type KrakenServer, startKrakenServer } from '../../platforms/kraken/server.ts'
import { grounds } from './opened.ts'

const ground = grounds()
let kraken: KrakenServer
let market: Market
beforeEach(async () => {
  kraken = await startKrakenServer({ seed: 3 })
  kraken.addPair('XBT/USD')
  kraken.addPair('ETH/XBT', { priceDecimals: 5 })
  kraken.addPair('SOL/GBP', { priceDecimals: 2 })
  kraken.setPrice('XBT/USD', '96000.1', '96000.2', { last: '96000.0' })
  kraken.setPrice('ETH/XBT', '0.03295', '0.03296')
  const times = { pollMs: 20, freshMs: 10, againMs: 50 }
  market = await openCcxtMarket({ ...(await ground()), exchange: 'kraken', urls: kraken.url, times })
})
afterEach(async () => {
  await market.close()
  await kraken.close()
})
const until = (holds: () => unknown) => vi.waitFor(holds, { interval: 10 })
const pricesOf = (quote: Quote | undefined) => quote && [quote.bid, quote.ask, quote.last].map((one) => one.toFixed())

describe('the market of Kraken', () => {
  test('lists its pairs with their steps, around the clock', async () => {
    expect(market.instrument('btc/usd')).toMatchObject({ symbol: 'BTC-USD', isAroundTheClock: true })
    expect(market.instrument('BTC-USD')!.lot.toFixed()).toBe('0.00000001')
    expect(market.instrument('ETH-BTC')!.tick.toFixed()).toBe('0.00001')
    expect(market.instruments().map(({ symbol }) => symbol)).toEqual(['BTC-USD', 'ETH-BTC'])
    expect(market.instrument('AMD')).toBeUndefined()
  })

  test('has quotes in the currency of the pair, all digits of them', async () => {
    expect(pricesOf(await market.quote('BTC-USD'))).toEqual(['96000.1', '96000.2', '96000'])
    expect(pricesOf(await market.quote('ETH/BTC'))).toEqual(['0.03295', '0.03296', '0.03295'])
    expect(await market.quote('AMD')).toBeUndefined()
    expect(market.providers!()[0]).toMatchObject({ name: 'kraken', isConnected: true })
  })

  test('asks once for all pairs that are watched, and tells what changed', async () => {
    const heard: Quote[] = []
    market.subscribe((quote) => void heard.push(quote))
    market.watch!(new Set(['BTC-USD', 'ETH-BTC']))
    await until(() => expect(heard.map(({ symbol }) => symbol)).toContain('ETH-BTC'))
    kraken.setPrice('XBT/USD', '95000.0', '95000.1')
    await until(() =>
      expect(pricesOf(heard.findLast(({ symbol }) => symbol === 'BTC-USD'))).toEqual(['95000', '95000.1', '95000']),
    )
    const asked = kraken.requests.findLast(({ path }) => path.endsWith('Ticker'))!
    expect(asked.query.get('pair')).toBe('XXBTZUSD,XETHXXBT')
  })

  test('has finished bars, with all digits of their volumes', async () => {
    const start = Date.parse('2026-11-20T14:00:00Z') / 1000
    const minutes = Array.from({ length: 61 }, (_, index): [number, string, string, string, string, string] => {
      const open = 96_000 + index
      return [
        start + index * 60,
        ...([open, open + 2, open - 2, open + 1].map((one) => `${one}.0`) as [string, string, string, string]),
        '0.12345678',
      ]
    })
    kraken.setBars('XBT/USD', 1, minutes)
    const bars = await market.bars('BTC-USD', 1, 5)
    expect(bars).toHaveLength(5)
    expect(bars.at(-1)).toMatchObject({ at: new Date('2026-11-20T14:58:00Z') })
    expect(bars.at(-1)!.volume.toFixed()).toBe('0.12345678')
  })

  test('opens without an answer, and has its pairs later', async () => {
    const away = await startKrakenServer({ seed: 4 })
    const { url } = away
    await away.close()
    const times = { pollMs: 20, freshMs: 10, againMs: 20 }
    const waiting = await openCcxtMarket({ ...(await ground()), exchange: 'kraken', urls: url, times })
    expect(waiting.instruments()).toEqual([])
    expect(waiting.providers!()[0]).toMatchObject({ isConnected: false })
    await waiting.close()
  })
})

test('MARKET names Kraken by itself, and others behind ccxt', async () => {
  expect(parseMarkets('kraken, ccxt:coinbase')).toEqual([
    { kind: 'ccxt', exchange: 'kraken' },
    { kind: 'ccxt', exchange: 'coinbase' },
  ])
  expect(() => parseMarkets('ccxt:')).toThrow('names no exchange')
  await expect(openCcxtMarket({ ...(await ground()), exchange: 'nosuchexchange' })).rejects.toThrow(
    'CCXT knows no exchange',
  )
})
