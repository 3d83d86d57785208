import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { createSimMarket } from '../../../src/market/feeds/sim/sim.ts'
import { openTradeStationMarket } from '../../../src/market/feeds/tradestation/tradestation-market.ts'
import type { Market } from '../../../src/market/market.ts'
import type { OptionSource } from '../../../src/market/options.ts'
import type { BarSource } from '../../../src/strategies/engine/bar-source.ts'
import { marketBars } from '../../../src/strategies/engine/bars/market-bars.ts'
import { daysToAsk, leapChain } from '../../../src/strategies/engine/leap-chain.ts'
import { screen } from '../../../src/strategies/engine/screen.ts'
import { createScorers } from '../../../src/strategies/engine/threads/scorers.ts'
import { readResult } from '../../../src/strategies/screeners/written-result.ts'
import { grounds } from '../../market/feeds/opened.ts'
import { handClock } from '../../market/hand-clock.ts'
import { startTradeStationServer, type TradeStationServer } from '../../platforms/tradestation/server.ts'
import { barsOf, line } from '../screeners/bars.ts'

/** A rise of a year, a fall by a tenth and a turn: all gates of `leap_entry` but that of the contract pass. */
const turning = [...line(90, 110, 250), ...line(109, 101, 21), 102.5]
const falling = line(200, 100, 272)
const today = '2026-11-27'

const ground = grounds()
const scorers = createScorers({ most: 2 })
let ts: TradeStationServer
let market: Market
beforeAll(async () => {
  ts = await startTradeStationServer({ seed: 5, heartbeatMs: 50 })
  const own = ts.addAccount({ mode: 'live' })
  market = await openTradeStationMarket({
    ...(await ground()),
    settings: {
      ...{ api: ts.url, signIn: ts.signInUrl, clientId: ts.oauth.clientId, clientSecret: ts.oauth.clientSecret },
      refreshToken: ts.oauth.grant(own.user).refresh_token!,
    },
  })
  for (const symbol of ['UP', 'DOWN', 'NONE', 'AWAY']) {
    ts.addSymbol(symbol)
    ts.setPrice(symbol, '103.99', '104.01', { last: '104' })
  }
  const strikes = Array.from({ length: 31 }, (_, at) => String(50 + at * 2.5))
  for (const symbol of ['UP', 'DOWN', 'AWAY'])
    ts.setChain(symbol, {
      ...{ expirations: ['2027-01-15', '2027-12-17', '2029-01-19', '2029-11-16'], strikes },
      volatility: 0.25,
    })
})
afterAll(async () => {
  await market.close()
  await ts.close()
  await scorers.rest()
})

async function screened(symbols: string[], source: Partial<BarSource>) {
  const found = new Map<string, ReturnType<typeof readResult>>()
  await screen(
    {
      ...{ name: 'made', symbols: () => symbols, lastDay: async () => today },
      daily: async (symbol) => (symbol === 'SPY' ? undefined : barsOf(symbol === 'DOWN' ? falling : turning)),
      ...source,
    },
    { strategy: 'leap_entry', parameters: { min_score: 0 }, symbols, asOf: today, done: new Set() },
    {
      stage: () => {},
      results(batch) {
        for (const one of batch) found.set(one.symbol, readResult(one))
      },
    },
    { threads: 2 },
    { scorers },
  )
  return found
}

test('a chain is asked for of the shares that pass without one, and each result says whether it has one', async () => {
  ts.failNext({ method: 'GET', path: /expirations\/AWAY/, as: 503 })
  const chain: BarSource['chain'] = async (symbol, asOf) => {
    const quote = await market.quote(symbol)
    return leapChain(market.options!, symbol, quote!.last, asOf)
  }
  const found = await screened(['UP', 'DOWN', 'NONE', 'AWAY'], { chain })
  expect(found.get('UP')).toMatchObject({
    ...{ outcome: 'passed', facts: { basis: 'with chain', chain_from: 'tradestation', expires: '2029-01-19' } },
    gates: expect.arrayContaining([{ name: 'contract', passed: true, text: expect.any(String) }]),
  })
  const { facts } = found.get('UP') as { facts: Record<string, number> }
  expect(facts.delta).toBeGreaterThanOrEqual(0.7)
  expect(facts.delta).toBeLessThanOrEqual(0.8)
  for (const symbol of ['DOWN', 'NONE', 'AWAY'])
    expect(found.get(symbol)).toMatchObject({ facts: { basis: 'underlying only' } })
  const asked = (symbol: string) => ts.requests.filter(({ path }) => path.includes(`options/`) && path.endsWith(symbol))
  expect(asked('DOWN')).toEqual([])
  expect(asked('NONE')).toHaveLength(1)
  // The days, and for the one of 18 to 30 months the strikes and the chain.
  expect(asked('UP')).toHaveLength(3)
})

test('without options all is as it was: underlying only', async () => {
  const found = await screened(['UP'], {})
  expect(found.get('UP')).toMatchObject({ outcome: 'passed', facts: { basis: 'underlying only' } })
})

test('the days that are asked for are the nearest to two years, or else the last of a year and longer', () => {
  const days = ['2027-06-18', '2027-12-17', '2028-06-16', '2028-09-15', '2028-12-15', '2029-01-19', '2030-01-18']
  expect(daysToAsk(days, today)).toEqual(['2028-12-15', '2029-01-19'])
  expect(daysToAsk(days.slice(0, 2), today)).toEqual(['2027-12-17'])
  expect(daysToAsk(days.slice(0, 1), today)).toEqual([])
})

test('a market gives a chain for its last day, and none for a day of the past', async () => {
  const sim = createSimMarket({ clock: handClock('2026-11-27T15:00:00Z'), seed: 'chains' })
  onTestFinished(() => sim.close())
  const chainOf = vi.fn<OptionSource['chain']>(async (_, { expires }) => [
    {
      ...{ symbol: 'A C', kind: 'call', strike: new Big(100), expires, bid: new Big(20), ask: new Big(21) },
      ...{ openInterest: 7, volume: 1 },
    },
  ])
  const options: OptionSource = {
    ...{ name: 'made', expirations: async () => ['2028-12-15'], strikes: async () => [], chain: chainOf },
  }
  const bars = marketBars({ ...sim, options })
  const last = await bars.lastDay()
  expect(await bars.chain!('AAPL', last)).toMatchObject({
    ...{ source: 'made', calls: [{ strike: 100, bid: 20, ask: 21, openInterest: 7, expires: '2028-12-15' }] },
    spot: (await sim.quote('AAPL'))!.last.toNumber(),
  })
  expect(chainOf).toHaveBeenCalledOnce()
  expect(await bars.chain!('AAPL', '2026-11-20')).toBeUndefined()
  expect(chainOf).toHaveBeenCalledOnce()
  expect(marketBars(sim).chain).toBeUndefined()
})
