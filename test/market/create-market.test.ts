import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Big from 'big.js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createMarket, MarketError } from '../../src/market/index.ts'
import type { Market, Quote } from '../../src/market/market.ts'
import { inPreference } from '../../src/market/preference.ts'
import { createSubscribers } from '../../src/market/subscribers.ts'
import { handClock } from './hand-clock.ts'

let folder: string
const opened: Market[] = []
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'market-'))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((market) => market.close()))
  rmSync(folder, { recursive: true })
})

async function opening(spec: string, clock = handClock()) {
  const market = await createMarket({ spec, clock, maxAgeMs: 15_000 })
  opened.push(market)
  return market
}

describe('MARKET', () => {
  test('of sim is the simulated market, and of sim:SEED another one', async () => {
    const usual = await opening('sim')
    expect(usual.name).toBe('sim')
    const other = await opening('sim:another')
    expect((await other.quote('AAPL'))!.last).not.toEqual((await usual.quote('AAPL'))!.last)
  })

  test.each([
    ['nonsense', /knows no "nonsense"/],
    ['', /empty part/],
    ['sim,', /empty part/],
    ['quotes', /names no file/],
    ['quotes:', /names no file/],
    ['replay', /names no folder/],
    ['quotes:/nowhere/prices.csv', /there is no file \/nowhere\/prices\.csv/],
    ['replay:/nowhere/bars', /there is no folder \/nowhere\/bars/],
    ['sim,quotes:/nowhere/prices.csv', /there is no file \/nowhere\/prices\.csv/],
  ])('of %j is refused with a sentence', async (spec, sentence) => {
    const failed = opening(spec)
    await expect(failed).rejects.toThrow(MarketError)
    await expect(failed).rejects.toThrow(sentence)
  })

  test('that names a folder as a file, or a file without its columns, is refused', async () => {
    const wrong = path.join(folder, 'wrong.csv')
    writeFileSync(wrong, 'ticker,price\nBYND,1\n')
    await expect(opening(`quotes:${folder}`)).rejects.toThrow(/it is not a file/)
    await expect(opening(`quotes:${wrong}`)).rejects.toThrow(/it lacks symbol, bid, ask, last/)
    await expect(opening(`replay:${wrong}`)).rejects.toThrow(/not a folder/)
  })

  test('with a replay folder that holds nothing usable is refused', async () => {
    await expect(opening(`replay:${folder}`)).rejects.toThrow(/no SYMBOL.csv/)
    writeFileSync(path.join(folder, 'A.csv'), 'what is this\n')
    await expect(opening(`replay:${folder}`)).rejects.toThrow(/no file in .* has bars/)
  })

  test('with a replay folder that mixes minutes and days is refused', async () => {
    writeFileSync(
      path.join(folder, 'A.csv'),
      'date,open,high,low,close,volume\n2020-01-02,1,1,1,1,5\n2020-01-03,1,1,1,1,5\n',
    )
    const minutes = '2020-01-02T10:00:00Z,1,1,1,1,5\n2020-01-02T10:01:00Z,1,1,1,1,5\n'
    writeFileSync(path.join(folder, 'B.csv'), `time,open,high,low,close,volume\n${minutes}`)
    await expect(opening(`replay:${folder}`)).rejects.toThrow(/mixes bars of 1 minutes \(B\) and 1440 \(A\)/)
  })

  test('with several markets asks them in order, symbol by symbol', async () => {
    const file = path.join(folder, 'prices.csv')
    writeFileSync(file, 'symbol,bid,ask,last\nBYND,5,6,5.5\n')
    const market = await opening(`quotes:${file},sim`)
    expect((await market.quote('bynd'))!.source).toBe('quotes:prices.csv')
    expect((await market.quote('aapl'))!.source).toBe('sim')
    expect(market.instrument('Bynd')!.name).toBe('BYND')
    expect(market.instruments().filter(({ symbol }) => symbol === 'BYND')).toHaveLength(1)
    expect(market.name).toBe('quotes:prices.csv,sim')
    expect(await market.bars('BYND', 1, 5)).toEqual([])
    expect(await market.bars('AAPL', 1, 5)).toHaveLength(5)
  })

  test('with a replay tells the end of the replay', async () => {
    const bars = path.join(folder, 'bars')
    mkdirSync(bars)
    const rows = '2020-01-02T10:00:00Z,1,1,1,1,5\n2020-01-02T10:01:00Z,1,1,1,1,5\n'
    writeFileSync(path.join(bars, 'A.csv'), `time,open,high,low,close,volume\n${rows}`)
    const clock = handClock('2026-01-01T00:00:00Z')
    expect((await opening(`replay:${bars},sim`, clock)).replayEndsAt).toEqual(new Date('2026-01-01T00:02:00Z'))
    expect((await opening('sim', clock)).replayEndsAt).toBeUndefined()
  })
})

/** A market whose quotes a test sets. */
function manual(name: string) {
  const quotes = new Map<string, Quote>()
  const subscribers = createSubscribers(undefined)
  const market: Market = {
    name,
    instruments: () => [],
    instrument: () => undefined,
    quote: async (symbol) => quotes.get(symbol),
    bars: async () => [],
    subscribe: (onQuote) => subscribers.add(onQuote),
    close: async () => subscribers.clear(),
  }
  return {
    market,
    listeners: () => subscribers.size(),
    set(symbol: string, price: number, at: Date, stale?: string) {
      const [bid, ask, last] = [new Big(price), new Big(price + 1), new Big(price)]
      const quote: Quote = { symbol, bid, ask, last, at, source: name, ...(stale && { stale }) }
      quotes.set(symbol, quote)
      subscribers.tell(quote)
    },
  }
}

describe('markets in order of preference', () => {
  test('mark a quote stale once it is older than the limit, with its age', async () => {
    const clock = handClock()
    const one = manual('one')
    const market = inPreference([one.market], { clock, maxAgeMs: 15_000 })
    one.set('A', 1, clock.now())
    clock.advance(15_000)
    expect((await market.quote('A'))!.stale).toBeUndefined()
    clock.advance(27_000)
    expect((await market.quote('A'))!.stale).toBe('the quote is 42 s old (limit 15 s)')
  })

  test('keep the reason that a market gives itself', async () => {
    const clock = handClock()
    const one = manual('one')
    one.set('A', 1, new Date(0), 'the replay has ended')
    const market = inPreference([one.market], { clock, maxAgeMs: 15_000 })
    expect((await market.quote('A'))!.stale).toBe('the replay has ended')
  })

  test('use the next one while the first is stale, and return to the first', async () => {
    const clock = handClock()
    const [one, two] = [manual('one'), manual('two')]
    const market = inPreference([one.market, two.market], { clock, maxAgeMs: 15_000 })
    one.set('A', 1, clock.now())
    two.set('A', 2, clock.now())
    expect((await market.quote('A'))!.source).toBe('one')
    clock.advance(20_000)
    two.set('A', 2, clock.now())
    expect((await market.quote('A'))!.source).toBe('two')
    clock.advance(20_000)
    expect(await market.quote('A')).toMatchObject({ source: 'one', stale: 'the quote is 40 s old (limit 15 s)' })
    one.set('A', 1, clock.now())
    expect((await market.quote('A'))!.source).toBe('one')
  })

  test('pass on only the quotes of the market that serves the symbol', async () => {
    const clock = handClock()
    const [one, two] = [manual('one'), manual('two')]
    const market = inPreference([one.market, two.market], { clock, maxAgeMs: 15_000 })
    expect(one.listeners()).toBe(0)
    const heard: string[] = []
    const stop = market.subscribe((quote) => heard.push(`${quote.source} ${quote.symbol} ${quote.last}`))
    one.set('A', 1, clock.now())
    two.set('A', 2, clock.now())
    two.set('B', 3, clock.now())
    await expect.poll(() => heard).toEqual(['one A 1', 'two B 3'])
    clock.advance(20_000)
    two.set('A', 4, clock.now())
    await expect.poll(() => heard).toEqual(['one A 1', 'two B 3', 'two A 4'])
    stop()
    expect(one.listeners()).toBe(0)
  })

  test('stop for good when closed', async () => {
    const clock = handClock()
    const one = manual('one')
    const market = inPreference([one.market], { clock, maxAgeMs: 15_000 })
    const heard = vi.fn()
    market.subscribe(heard)
    await market.close()
    one.set('A', 1, clock.now())
    expect(heard).not.toHaveBeenCalled()
  })
})
