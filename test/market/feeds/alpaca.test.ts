import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLog } from '../../../src/base/log.ts'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import { type AlpacaTimes, openAlpacaMarket } from '../../../src/market/feeds/alpaca/alpaca-market.ts'
import type { AlpacaFeed } from '../../../src/market/feeds/feed-options.ts'
import type { Market, Quote } from '../../../src/market/market.ts'
import { inPreference } from '../../../src/market/preference.ts'
import { MarketError } from '../../../src/market/spec.ts'
import { type AlpacaOptions, type AlpacaServer, startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

/** Alpaca as a market, on a local Alpaca that follows the published specification. It is Friday, 10:00 in New York. */

let fresh: FreshDatabase
let db: ReturnType<typeof connectDatabase>
let alpaca: AlpacaServer
let key: { keyId: string; secret: string }
const open: Market[] = []

beforeAll(async () => {
  fresh = await freshDatabase()
  db = connectDatabase(fresh.url, createLog({ level: 'silent' }), 6)
})
afterAll(async () => {
  await db.destroy()
  await fresh.drop()
})
beforeEach(async ({ onTestFinished }) => {
  await db.deleteFrom('bar_series').execute()
  await db.deleteFrom('listed_instruments').execute()
  await start()
  onTestFinished(async () => {
    await Promise.all(open.splice(0).map((market) => market.close()))
    await alpaca.close()
  })
})

async function start(options: AlpacaOptions = {}): Promise<void> {
  alpaca = await startAlpacaServer(options)
  key = alpaca.addAccount({ mode: 'paper' })
  alpaca.addAsset('BYND', { name: 'Beyond Meat, Inc. Common Stock' })
  alpaca.addAsset('AMD', { name: 'Advanced Micro Devices, Inc. Common Stock' })
  alpaca.setPrice('BYND', '0.62', '0.63')
  alpaca.setPrice('AMD', '118.10', '118.14')
}

const times: AlpacaTimes = {
  pollMs: 60,
  stream: { pingMs: 60, againMs: { first: 20, most: 100 }, elsewhereMs: 100, refusedMs: 100 },
}
const maxAgeMs = 15_000

/** Opens the market as a process does, with the judgement of ages. */
async function opened(feed: AlpacaFeed = 'iex', differing: Partial<AlpacaTimes> = {}) {
  const clock = { now: () => alpaca.now(), scale: 1 }
  const market = await openAlpacaMarket({
    db,
    clock,
    maxAgeMs,
    times: { ...times, ...differing },
    settings: {
      api: alpaca.url,
      paperApi: alpaca.paperUrl,
      dataApi: alpaca.dataUrl,
      dataStream: alpaca.dataStreamUrl,
      ...key,
      feed,
    },
  })
  const judged = inPreference([market], { clock, maxAgeMs })
  open.push(judged)
  return judged
}

const requestsOf = (path: string) => alpaca.requests.filter((request) => request.path === path)
const snapshots = () => requestsOf('/v2/stocks/snapshots')
const streamed = () => alpaca.subscriptions().map(({ quotes }) => [...quotes].sort())
const said = (quote: Quote | undefined) =>
  quote && `${quote.bid} ${quote.ask}${quote.stale ? ` stale: ${quote.stale}` : ''}`
const never = { pollMs: 3_600_000 }

describe('instruments', () => {
  test('are the active shares of the list, by names as people say them, and are kept over restarts', async () => {
    alpaca.addAsset('GONE', { status: 'inactive' })
    const market = await opened()
    expect(
      market
        .instruments()
        .map(({ symbol, name }) => `${symbol} ${name}`)
        .sort(),
    ).toEqual(['AMD Advanced Micro Devices, Inc.', 'BYND Beyond Meat, Inc.'])
    await opened()
    expect(requestsOf('/v2/assets')).toHaveLength(1)
  })

  test('of yesterday serve while the list cannot be read; without any the market cannot be opened', async () => {
    alpaca.failNext({ path: /assets/, as: 500 })
    await expect(opened()).rejects.toThrow(MarketError)
    await opened()
    await db
      .updateTable('listed_instruments')
      .set({ fetched_at: new Date('2026-11-01T00:00:00Z') })
      .execute()
    alpaca.failNext({ path: /assets/, as: 502 })
    expect((await opened()).instruments()).toHaveLength(2)
  })

  test('have steps of a cent from a dollar on, and of a hundredth of one below', async () => {
    const market = await opened()
    await market.quote('BYND')
    await market.quote('AMD')
    expect(market.instrument('bynd')!.tick.toFixed()).toBe('0.0001')
    expect(market.instrument('AMD')!.tick.toFixed()).toBe('0.01')
  })
})

describe('prices by snapshot', () => {
  test('of many symbols that are asked for at once are one request', async () => {
    const market = await opened('iex', never)
    const all = await Promise.all(['BYND', 'AMD', 'bynd'].map((symbol) => market.quote(symbol)))
    expect(all.map(said)).toEqual(['0.62 0.63', '118.1 118.14', '0.62 0.63'])
    expect(snapshots()).toHaveLength(1)
    expect(await market.quote('NOBODY')).toBeUndefined()
  })

  test('are polled while they are asked for, and pushed when they change', async () => {
    const market = await opened()
    const pushed: string[] = []
    market.subscribe((quote) => pushed.push(said(quote)!))
    await market.quote('BYND')
    alpaca.setPrice('BYND', '0.60', '0.61')
    await expect.poll(() => pushed).toContain('0.6 0.61')
    expect(alpaca.subscriptions()).toEqual([]) // only a process that watches has a stream
  })

  test('age while the provider does not answer, and say so', async () => {
    const market = await opened('iex', never)
    await market.quote('BYND')
    const before = snapshots().length
    alpaca.failNext({ path: /snapshots/, as: 502 })
    const old = await market.quote('AMD').catch((cause) => (cause as Error).message)
    expect(old).toMatch(/^Alpaca: \/v2\/stocks\/snapshots was answered with 502/)
    expect(snapshots().length).toBe(before + 1)
    expect(market.providers!()).toMatchObject([
      { name: 'alpaca', isConnected: true, isAuthenticated: true, feed: 'iex' },
    ])
  })

  test('say that they are weak: a small feed, a late one, one side only, crossed', async () => {
    const market = await opened('iex', { pollMs: 0 })
    expect((await market.quote('AMD'))!.weak).toBe('it is from IEX alone, a small part of the market')
    alpaca.setFeedPrice('AMD', 'iex', '0', '118.20')
    expect(await market.quote('AMD')).toMatchObject({ weak: 'it has no bid', isAssumed: true })
    alpaca.setFeedPrice('AMD', 'iex', '118.30', '118.20')
    const crossed = (await market.quote('AMD'))!
    expect(crossed).toMatchObject({ weak: 'its bid is above its ask', isAssumed: true })
    expect(crossed.bid.lte(crossed.ask)).toBe(true)
    alpaca.plan = 'plus'
    expect((await (await opened('sip', never)).quote('AMD'))!.weak).toBeUndefined()
  })

  test('of the late feed are as old as they are late', async () => {
    await alpaca.letPass(20 * 60_000)
    const quote = (await (await opened('delayed_sip', never)).quote('AMD'))!
    expect(quote.weak).toBe('the feed is 15 min late')
    expect(quote.stale).toMatch(/^the quote is 15 min old/)
  })

  test('are as old as they were made while the exchange is closed', async () => {
    await alpaca.letPass(12 * 3_600_000)
    expect((await (await opened('iex', never)).quote('AMD'))!.stale).toMatch(/^the quote is 12 h old/)
  })

  test('a key that is refused says so, without the key', async () => {
    const market = await opened('iex', never)
    const { secret } = key
    alpaca.plan = 'basic'
    key = { keyId: 'PKWRONG', secret: 'wrong' }
    const wrong = await opened('iex', never) // the list of shares is kept
    await expect(wrong.quote('AMD')).rejects.toThrow(/answered with 40[13]/)
    expect(wrong.providers!()[0]).toMatchObject({ isAuthenticated: false, faults: 1 })
    expect(JSON.stringify(wrong.providers!())).not.toContain('PKWRONG')
    expect(JSON.stringify(market.providers!())).not.toContain(secret)
  })
})

describe('prices by stream', () => {
  test('are those of watched symbols, as positions open and close, and then of those that are asked for', async () => {
    const market = await opened()
    market.watch!(new Set(['BYND']))
    await expect.poll(streamed).toEqual([['BYND']])
    await market.quote('AMD')
    await expect.poll(streamed).toEqual([['AMD', 'BYND']])
    const pushed: string[] = []
    market.subscribe((quote) => pushed.push(said(quote)!))
    alpaca.setPrice('BYND', '0.55', '0.56')
    await expect.poll(() => pushed).toContain('0.55 0.56')
  })

  test('beyond the limit of the plan are polled', async () => {
    await alpaca.close()
    await start({ mostSymbols: 3 })
    const market = await opened()
    market.watch!(new Set(['BYND', 'AMD']))
    await expect.poll(() => streamed()[0]?.length).toBe(1)
    const pushed = new Set<string>()
    market.subscribe(({ symbol }) => pushed.add(symbol))
    alpaca.setPrice('BYND', '0.50', '0.51')
    alpaca.setPrice('AMD', '117', '117.04')
    await expect.poll(() => [...pushed].sort()).toEqual(['AMD', 'BYND'])
    expect(market.providers!().at(-1)!.lastFault!.words).toMatch(/takes 1 symbols .* polled/)
  })

  test('of a plan that streams nothing are polled, and it is asked once', async () => {
    await alpaca.close()
    await start({ mostSymbols: 1 })
    // On a busy machine an answer to a ping may take longer than a ping here, which counts as another fault.
    const market = await opened('iex', { stream: { ...times.stream, pingMs: 30_000 } })
    market.watch!(new Set(['BYND']))
    await expect.poll(() => market.providers!().at(-1)!.lastFault?.words).toMatch(/takes 0 symbols/)
    alpaca.setPrice('BYND', '0.50', '0.51')
    await expect.poll(async () => said(await market.quote('BYND'))).toBe('0.5 0.51')
    expect(market.providers!().at(-1)!.faults).toBe(1)
  })

  test('belong to one process; another one polls, says so, and takes over when the first is gone', async () => {
    const [one, other] = [await opened(), await opened()]
    one.watch!(new Set(['BYND']))
    await expect.poll(streamed).toEqual([['BYND']])
    other.watch!(new Set(['BYND']))
    await expect
      .poll(() => other.providers!().find(({ name }) => name === 'alpaca stream')?.lastFault?.words)
      .toMatch(/^another process has the key's one connection/)
    alpaca.setPrice('BYND', '0.59', '0.60')
    await expect.poll(async () => said(await other.quote('BYND'))).toBe('0.59 0.6')
    await one.close()
    open.splice(open.indexOf(one), 1)
    await expect.poll(() => other.providers!().find(({ name }) => name === 'alpaca stream')?.isConnected).toBe(true)
    await expect.poll(streamed).toEqual([['BYND']])
  })

  test('that break off or fall silent come back, without what was missed', async () => {
    const market = await opened()
    market.watch!(new Set(['BYND']))
    await expect.poll(streamed).toEqual([['BYND']])
    for (const [how, bid] of [
      ['cutDataStreams', '0.58'],
      ['freezeDataStreams', '0.57'],
    ] as const) {
      alpaca[how]()
      alpaca.setPrice('BYND', bid, '0.59')
      await expect.poll(async () => said(await market.quote('BYND'))).toBe(`${bid} 0.59`)
      await expect.poll(() => streamed().at(-1)).toEqual(['BYND'])
      await expect.poll(() => market.providers!().at(-1)!.isConnected).toBe(true)
    }
  })

  test('hold while the line lives, without a request', async () => {
    const market = await opened()
    market.watch!(new Set(['BYND']))
    await expect.poll(streamed).toEqual([['BYND']])
    await expect.poll(async () => said(await market.quote('BYND'))).toBe('0.62 0.63')
    const settled = async () => {
      const before = snapshots().length
      for (let polls = 0; polls < 3; polls++) {
        const { heardAt } = market.providers!().at(-1)!
        await expect.poll(() => market.providers!().at(-1)!.heardAt !== heardAt).toBe(true)
      }
      return snapshots().length - before
    }
    await expect.poll(settled).toBe(0)
    expect((await market.quote('BYND'))!.stale).toBeUndefined()
  })

  test('that are halted are stale in the words of the exchange, until trading resumes', async () => {
    const market = await opened()
    market.watch!(new Set(['BYND']))
    await expect.poll(streamed).toEqual([['BYND']])
    alpaca.halt('BYND')
    await expect.poll(async () => (await market.quote('BYND'))!.stale).toMatch(/^trading is halted: /)
    expect((await market.quote('BYND'))!.isHalted).toBe(true)
    alpaca.resume('BYND')
    await expect.poll(async () => (await market.quote('BYND'))!.stale).toBeUndefined()
  })

  test('of a feed that the plan has not are polled, and the refusal is told', async () => {
    const market = await opened('sip')
    market.watch!(new Set(['BYND']))
    await expect
      .poll(() => market.providers!().at(-1)!.lastFault?.words)
      .toMatch(/refused \(insufficient subscription\)/)
    expect(market.providers!().at(-1)).toMatchObject({ isAuthenticated: false, isConnected: false })
  })
})

describe('bars', () => {
  const minute = (at: string, close: number, volume = 100) => ({
    t: at,
    o: close,
    h: close + 0.01,
    l: close - 0.01,
    c: close,
    v: volume,
  })

  test('are those of the session, split-adjusted, in pages as one series, and finished', async () => {
    const opening = Date.parse('2026-11-20T14:30:00Z')
    const bars = Array.from({ length: 30 }, (_, index) =>
      minute(new Date(opening + (index - 5) * 60_000).toISOString(), 10 + index / 100),
    )
    alpaca.giveBars('BYND', '1Min', bars)
    const market = await opened('iex', never)
    const minutes = await market.bars('BYND', 1, 100)
    // It is 10:00; a minute is final 40 seconds after its end. Five bars were before the opening.
    expect(minutes[0]!.at.toISOString()).toBe('2026-11-20T14:30:00.000Z')
    expect(minutes).toHaveLength(25)
    const fives = await market.bars('BYND', 5, 3)
    expect(fives.map(({ close }) => close.toFixed())).toEqual(['10.19', '10.24', '10.29'])
    const asked = requestsOf('/v2/stocks/bars').length
    await (await opened('iex', never)).bars('BYND', 1, 100)
    expect(requestsOf('/v2/stocks/bars')).toHaveLength(asked)
    const { query } = requestsOf('/v2/stocks/bars')[0]!
    expect(Object.fromEntries(query)).toMatchObject({ adjustment: 'split', feed: 'iex', timeframe: '1Min' })
  })

  test('of a day end with late trading, and follow a split as a whole', async () => {
    const days = ['2026-11-17', '2026-11-18', '2026-11-19'].map((day) => minute(`${day}T05:00:00Z`, 10))
    alpaca.giveBars('BYND', '1Day', days)
    const market = await opened('iex', never)
    expect((await market.bars('BYND', 1440, 5)).map(({ close }) => close.toFixed())).toEqual(['10', '10', '10'])
    expect(await market.bars('NOBODY', 1440, 5)).toEqual([])
    await alpaca.letPass(86_400_000)
    alpaca.split('BYND', '2')
    alpaca.giveBars('BYND', '1Day', [minute('2026-11-20T05:00:00Z', 10), minute('2026-11-23T05:00:00Z', 5)])
    await alpaca.letPass(3 * 86_400_000)
    const after = await (await opened('iex', never)).bars('BYND', 1440, 5)
    expect(after.map(({ close }) => close.toFixed())).toEqual(['5', '5', '5', '5', '5'])
  })
})
