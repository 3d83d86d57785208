import { expect, onTestFinished, test } from 'vitest'
import { createMarket } from '../../../src/market/index.ts'
import { startAlphaVantageServer } from '../../platforms/alphavantage-server.ts'
import { startYahooServer } from '../../platforms/yahoo-server.ts'
import { grounds } from './opened.ts'
import { aapl } from './opened-yahoo.ts'

const ground = grounds()

test('MARKET=yahoo,alphavantage: the second shows a price while the first is away, and knows what the first does not', async () => {
  const on = await ground()
  const yahoo = await startYahooServer(() => on.clock.now().getTime())
  const other = await startAlphaVantageServer('KEY')
  onTestFinished(() => Promise.all([yahoo.close(), other.close()]).then(() => undefined))
  yahoo.symbols.set('AAPL', { quote: aapl })
  other.symbols.set('AAPL', { price: '260.00', tradingDay: '2026-11-19' })
  other.symbols.set('OLDCO', { price: '5.00', tradingDay: '2026-11-19' })
  const settings = { yahoo: { api: yahoo.url }, alphavantage: { api: other.url, key: 'KEY' } }
  const market = await createMarket({
    spec: 'yahoo,alphavantage',
    ...on,
    providers: { ...settings, tradestation: undefined as never, alpaca: {} as never },
  })
  onTestFinished(() => market.close())
  expect(await market.quote('AAPL')).toMatchObject({ source: 'yahoo' })
  expect(other.requests).toEqual([])
  expect(await market.lookUp!('OLDCO')).toMatchObject({ symbol: 'OLDCO' })
  expect(market.providers!().map(({ name, isConnected }) => `${name} ${isConnected}`)).toEqual([
    'yahoo true',
    'alphavantage true',
  ])
  yahoo.breakDown('drop')
  on.clock.advance(60_000)
  // A price of yesterday is no fresh one: neither is traded on, and nothing pretends to be.
  const quote = await market.quote('AAPL')
  expect(quote?.stale).toMatch(/old \(limit 15 s\)/)
})
