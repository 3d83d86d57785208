import { expect } from 'vitest'
import { apiTest, signIn } from './serve.ts'

const { test, market } = apiTest({ worker: false })

test('a symbol that only the source knows is looked up for an alert, for indicators and for bars', async ({
  api,
  alice,
}) => {
  const asked: string[] = []
  market.lookUp = async (named) => {
    const symbol = named.toUpperCase()
    asked.push(symbol)
    if (!['RARE', 'SELDOM', 'SCARCE'].includes(symbol)) return undefined
    market.list(symbol, '20')
    return market.instrument(symbol)
  }
  const page = await signIn(api, alice)
  expect((await page.post('/api/alerts', { symbol: 'rare', above: '25' })).body.said[0]).toContain('RARE at $25.00')
  expect((await page.get('/api/indicators?symbol=SELDOM&names=rsi')).body).toMatchObject({ symbol: 'SELDOM' })
  expect((await page.get('/api/bars?symbol=SCARCE')).status).toBe(200)
  expect((await page.post('/api/alerts', { symbol: 'NONE', above: '25' })).status).toBe(404)
  expect(asked.sort()).toEqual(['NONE', 'RARE', 'SCARCE', 'SELDOM'])
  market.lookUp = async () => {
    throw new Error('it is away')
  }
  expect((await page.get('/api/indicators?symbol=GONE&names=rsi')).status).toBe(404)
  delete market.lookUp
})

test('prices and price alerts of a pair that is priced in a coin say so', async ({ api, alice }) => {
  market.list('ETH-BTC', '0.03295')
  const page = await signIn(api, alice)
  const quotes = (await page.get('/api/quotes?symbols=ETH-BTC,BTC-USD')).body.items
  expect(quotes.map(({ last, currency }: { last: string; currency: string }) => `${last} ${currency}`)).toEqual([
    '0.03295 BTC',
    '63000 USD',
  ])
  expect((await page.get('/api/bars?symbol=ETH-BTC')).body).toMatchObject({ currency: 'BTC', items: [] })
  const { said } = (await page.post('/api/alerts', { symbol: 'ETH-BTC', above: '0.04' })).body
  expect(said).toEqual(['🔔 ALERT 1: ETH-BTC at 0.04 BTC or above'])
})
