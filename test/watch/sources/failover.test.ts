import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { heldBackMs } from '../../../src/market/failover.ts'
import { startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { passTime } from '../../platforms/broker/passing-time.ts'
import { startTradeStationServer } from '../../platforms/tradestation/server.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'

// MARKET=tradestation,alpaca at a local TradeStation and a local Alpaca: one dies, and returns. A second here is ten seconds there.

type Servers = [
  Awaited<ReturnType<typeof startTradeStationServer>>,
  Awaited<ReturnType<typeof startAlpacaServer>>,
  ReturnType<typeof passTime>,
]
let [ts, alpaca, passing] = [] as unknown as Servers
let desk: TestDesk
beforeAll(async () => {
  ;[ts, alpaca] = await Promise.all([startTradeStationServer({ heartbeatMs: 100 }), startAlpacaServer()])
  ts.openMarket()
  alpaca.openMarket()
  for (const symbol of ['BYND', 'AMD']) {
    ts.addSymbol(symbol)
    alpaca.addAsset(symbol)
  }
  const minutes = (close: number) =>
    ['14:57', '14:58', '14:59'].map((time) => ({
      ...{ t: `2026-11-20T${time}:00Z`, o: close, h: close + 0.01, l: close - 0.01, c: close, v: 100 },
    }))
  for (const symbol of ['BYND', 'AMD']) {
    ts.giveBars(symbol, '1Min', minutes(0.62))
    alpaca.giveBars(symbol, '1Min', minutes(0.63))
  }
  const tell = () => {
    for (const symbol of ['BYND', 'AMD']) {
      ts.setPrice(symbol, '0.62', '0.63', { last: '0.625' })
      alpaca.setPrice(symbol, '0.62', '0.63')
    }
  }
  tell()
  const both = {
    now: ts.now,
    letPass: async (milliseconds: number) => {
      await Promise.all([ts.letPass(milliseconds), alpaca.letPass(milliseconds)])
    },
  }
  passing = passTime(both, { scale: 10, onSecond: tell })
  const own = ts.addAccount({ mode: 'live' })
  const key = alpaca.addAccount()
  desk = await openTestDesk({
    ...{ readsMarket: true, clock: { now: ts.now, scale: 1 }, sources: { everyMs: 50, holdMs: 1000 } },
    environment: {
      ...{ MARKET: 'tradestation,alpaca', DESKHAND_OWNERS: 'slack:T1:OLGA' },
      ...{ TRADESTATION_API: ts.url, TRADESTATION_SIM_API: ts.simUrl, TRADESTATION_SIGN_IN: ts.signInUrl },
      TRADESTATION_OAUTH_CLIENT_ID: ts.oauth.clientId,
      TRADESTATION_OAUTH_CLIENT_SECRET: ts.oauth.clientSecret,
      TRADESTATION_REFRESH_TOKEN: ts.oauth.grant(own.user).refresh_token!,
      ...{ ALPACA_API: alpaca.url, ALPACA_PAPER_API: alpaca.paperUrl, ALPACA_DATA_API: alpaca.dataUrl },
      ...{ ALPACA_DATA_STREAM: alpaca.dataStreamUrl, ALPACA_KEY_ID: key.keyId, ALPACA_SECRET_KEY: key.secret },
    },
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(async () => {
  await desk.close()
  await passing.end()
  await Promise.all([ts.close(), alpaca.close()])
})

const until = <Value>(look: () => Value | Promise<Value>) => expect.poll(look, { timeout: 60_000, interval: 50 })
const sourceOf = async (symbol: string) => /Source: (\w+)/.exec(await desk.say(`quote ${symbol}`))?.[1]
const closesOf = async (symbol: string) =>
  (await desk.desk.parts.market.bars(symbol, 1, 3)).map(({ close }) => close.toFixed())
const posted = (beginning: RegExp) => desk.posted.filter(({ text }) => beginning.test(text)).map(({ text }) => text)

test('one source dies and returns: another serves meanwhile, an outage is told once, and no series has two sources', async () => {
  await desk.say('hello', 'olga')
  await until(() => sourceOf('BYND')).toBe('tradestation')
  expect(await desk.say('long BYND 100 @ 0.60')).toContain('✓ LONG')
  await until(() => ts.openStreams('quotes').flat()).toContain('BYND')
  await until(() => closesOf('BYND')).toEqual(['0.62', '0.62', '0.62'])
  const shown = await desk.say('sources')
  expect(shown).toContain('📡 SOURCES - prices from tradestation, then alpaca\n· options from tradestation\n')
  expect(shown.match(/^. tradestation/gm)).toHaveLength(1)

  ts.faults.failures = 1
  ts.cutStreams()
  await until(() => sourceOf('BYND')).toBe('alpaca')
  await until(() => posted(/^📡 SOURCE LOST/)).toHaveLength(1)
  expect(posted(/^📡 SOURCE LOST/)[0]).toMatch(
    /^📡 SOURCE LOST\ntradestation does not answer [\s\S]*alpaca prices BYND/,
  )
  expect(await desk.say('sources')).toContain('✗ tradestation: NOT CONNECTED')
  // A series that TradeStation began stays its own; one that nobody has comes from Alpaca, whole.
  expect(await closesOf('BYND')).toEqual(['0.62', '0.62', '0.62'])
  expect(await closesOf('AMD')).toEqual(['0.63', '0.63', '0.63'])

  ts.faults.failures = 0
  await until(() => posted(/^📡 SOURCE BACK/)).toHaveLength(1)
  expect(posted(/^📡 SOURCE BACK/)[0]).toContain('tradestation answers again')
  // It was away a moment ago, so prices do not go back at once.
  expect(await sourceOf('BYND')).toBe('alpaca')
  const real = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => real() + heldBackMs)
  await until(() => sourceOf('BYND')).toBe('tradestation')
  expect(posted(/^📡 SOURCE (LOST|BACK)/)).toHaveLength(2)
  expect(posted(/^🚨 tradestation/)).toHaveLength(2)
})
