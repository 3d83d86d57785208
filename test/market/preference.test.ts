import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import { heldBackMs } from '../../src/market/failover.ts'
import type { Bar, Market, Quote } from '../../src/market/market.ts'
import { inPreference } from '../../src/market/preference.ts'
import { handClock } from './hand-clock.ts'

const clock = handClock()
let now = 1_000_000
beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
})

type Said = Partial<Omit<Quote, 'bid' | 'ask' | 'last'>> & { price: string | number }

/** A source of real prices that a test holds in its hand. */
function source(name: string, more: Partial<Market> = {}) {
  let says: Said | Error | undefined
  let bars: Bar[] | Error = []
  const asked = { quotes: 0, bars: 0 }
  const market: Market = {
    name,
    instruments: () => [],
    instrument: () => undefined,
    async quote(symbol) {
      asked.quotes += 1
      if (says instanceof Error) throw says
      if (!says) return undefined
      const { price, ...rest } = says
      const last = new Big(price)
      return { symbol: symbol.toUpperCase(), bid: last, ask: last, last, at: clock.now(), source: name, ...rest }
    },
    async bars() {
      asked.bars += 1
      if (bars instanceof Error) throw bars
      return bars
    },
    subscribe: () => () => {},
    providers: () => [{ name, isConnected: true, faults: 0 }],
    close: async () => {},
    ...more,
  }
  return {
    market,
    asked,
    say: (said: Said | Error | undefined) => {
      says = said
    },
    have: (what: Bar[] | Error) => {
      bars = what
    },
  }
}

const times = { compareMs: 5, secondLookMs: 1, opinionMs: 500 }
const joined = (...sources: { market: Market }[]) =>
  inPreference(
    sources.map(({ market }) => market),
    { clock, maxAgeMs: 15_000, times },
  )
const old = () => ({ at: new Date(clock.now().getTime() - 60_000) })

describe('failover', () => {
  const broken = new Error('502')
  const cases: [title: string, first: Said | Error | undefined, second: Said | Error | undefined, served: string][] = [
    ['the preferred one, when both are fresh', { price: 10 }, { price: 11 }, 'one 10'],
    ['the other, while the preferred one is old', { price: 10, ...old() }, { price: 11 }, 'two 11'],
    ['the other, while the preferred one fails', broken, { price: 11 }, 'two 11'],
    ['the other, when the preferred one does not know the symbol', undefined, { price: 11 }, 'two 11'],
    ['the preferred one, marked, when both are old', { price: 10, ...old() }, { price: 11, ...old() }, 'one 10 stale'],
    ['the only one that has a price, marked', broken, { price: 11, ...old() }, 'two 11 stale'],
    [
      'the halt that one source knows, for both',
      { price: 10, stale: 'halted', isHalted: true },
      { price: 11 },
      'one 10 stale',
    ],
    [
      'a halt that the second source knows only while it serves',
      { price: 10 },
      { price: 11, stale: 'halted', isHalted: true },
      'one 10',
    ],
    ['nobody, when nobody knows it', undefined, undefined, 'nobody'],
    ['the fault, when nobody answers', broken, broken, '502'],
  ]
  test.each(cases)('serves %s', async (_, first, second, served) => {
    const [one, two] = [source('one'), source('two')]
    one.say(first)
    two.say(second)
    const said = await joined(one, two)
      .quote('BYND')
      .then(
        (quote) => (quote ? `${quote.source} ${quote.last}${quote.stale ? ' stale' : ''}` : 'nobody'),
        (cause) => (cause as Error).message,
      )
    expect(said).toBe(served)
  })

  test('a source that was away is not preferred again for half a minute, so that prices do not flap', async () => {
    const [one, two] = [source('one'), source('two')]
    const market = joined(one, two)
    two.say({ price: 11 })
    one.say({ price: 10, ...old() })
    expect((await market.quote('BYND'))!.source).toBe('two')
    one.say({ price: 10 })
    expect((await market.quote('BYND'))!.source).toBe('two')
    expect((await market.quote('AMD'))!.source).toBe('one') // another symbol is another matter
    now += heldBackMs - 1
    expect((await market.quote('BYND'))!.source).toBe('two')
    now += 1
    expect((await market.quote('BYND'))!.source).toBe('one')
  })

  test('a source that was away serves at once when the others are away', async () => {
    const [one, two] = [source('one'), source('two')]
    const market = joined(one, two)
    two.say({ price: 11 })
    one.say({ price: 10, ...old() })
    await market.quote('BYND')
    one.say({ price: 10 })
    two.say(new Error('429'))
    expect(await market.quote('BYND')).toMatchObject({ source: 'one' })
  })
})

describe('bars', () => {
  const bar = (close: number): Bar => {
    const price = new Big(close)
    return { at: clock.now(), open: price, high: price, low: price, close: price, volume: price }
  }

  test('come from one source as a whole, the first that has some, without a question about its price', async () => {
    const [one, two] = [source('one'), source('two')]
    const market = joined(one, two)
    one.have([bar(1)])
    two.have([bar(2), bar(2)])
    expect(await market.bars('BYND', 5, 2)).toHaveLength(1)
    one.have(new Error('502'))
    expect(await market.bars('BYND', 5, 2)).toHaveLength(2)
    one.have([bar(1)])
    expect(await market.bars('BYND', 5, 2)).toHaveLength(2) // not back and forth
    now += heldBackMs
    expect(await market.bars('BYND', 5, 2)).toHaveLength(1)
    expect(one.asked.quotes).toBe(0)
  })

  test('are refused when every source fails, and none when no source has any', async () => {
    const [one, two] = [source('one'), source('two')]
    const market = joined(one, two)
    expect(await market.bars('BYND', 5, 2)).toEqual([])
    one.have(new Error('502'))
    two.have(new Error('429'))
    await expect(market.bars('BYND', 5, 2)).rejects.toThrow('502')
  })
})

describe('weak quotes', () => {
  const iex = 'it is from IEX alone, a small part of the market'
  const cases: [title: string, first: Said, second: Said | Error | undefined, weak: RegExp | undefined][] = [
    ['a strong one stays strong', { price: 10 }, { price: '10.04' }, undefined],
    ['a strong one stays strong without a second opinion', { price: 10 }, new Error('away'), undefined],
    ['a weak one alone is weak', { price: 10, weak: iex }, undefined, /IEX/],
    ['a weak one is confirmed by a strong one nearby', { price: 10, weak: iex }, { price: '10.04' }, undefined],
    ['… at exactly 50 bp, too', { price: 10, weak: iex }, { price: '10.0501' }, undefined],
    ['a weak one is not confirmed by another weak one', { price: 10, weak: iex }, { price: 10, weak: 'no bid' }, /IEX/],
    ['a weak one is not confirmed by an old one', { price: 10, weak: iex }, { price: 10, ...old() }, /IEX/],
    [
      'two that differ are both weak',
      { price: 10 },
      { price: '10.06' },
      /one says \$10 and two says \$10.06 \(60 bp apart\)/,
    ],
    ['a weak one that differs says how', { price: 10, weak: iex }, { price: 11 }, /apart/],
    ['an old one contradicts nobody', { price: 10 }, { price: 11, ...old() }, undefined],
  ]
  test.each(cases)('%s', async (_, first, second, weak) => {
    const [one, two] = [source('one'), source('two')]
    one.say(first)
    two.say(second)
    const market = joined(one, two)
    const quote = await market.confirmed!('bynd')
    expect(quote!.source).toBe('one')
    if (weak) expect(quote!.weak).toMatch(weak)
    else expect(quote!.weak).toBeUndefined()
  })

  test('a late feed has no opinion, and is not asked for one', async () => {
    const one = source('one')
    const late = source('late', { providers: () => [{ name: 'late', isConnected: true, faults: 0, delayMs: 900_000 }] })
    one.say({ price: 10, weak: iex })
    late.say({ price: 12 })
    const quote = await joined(one, late).confirmed!('BYND')
    expect(quote!.weak).toMatch(/IEX/)
    expect(late.asked.quotes).toBe(0)
  })

  test('a confirmation ends when it is as old as a stale quote', async () => {
    const [one, two] = [source('one'), source('two')]
    one.say({ price: 10, weak: iex })
    two.say({ price: 10 })
    const market = joined(one, two)
    expect((await market.confirmed!('BYND'))!.weak).toBeUndefined()
    expect((await market.quote('BYND'))!.weak).toBeUndefined()
    clock.advance(15_001)
    expect((await market.quote('BYND'))!.weak).toMatch(/IEX/)
  })

  test('one look at two prices is not enough: the second look decides', async () => {
    const [one, two] = [source('one'), source('two')]
    let looks = 0
    const jumpy = {
      market: {
        ...two.market,
        quote: async (symbol: string) => {
          looks += 1
          two.say({ price: looks === 1 ? 11 : 10 })
          return two.market.quote(symbol)
        },
      },
    }
    one.say({ price: 10 })
    const market = joined(one, jumpy)
    expect((await market.confirmed!('BYND'))!.weak).toBeUndefined()
    expect(market.disagreements!()).toEqual([])
    expect(looks).toBe(2)
  })

  test('sources of watched symbols are compared all the time; a disagreement lasts until they agree again', async () => {
    const [one, two] = [source('one'), source('two')]
    one.say({ price: 10 })
    two.say({ price: 11 })
    const market = joined(one, two)
    market.watch!(new Set(['BYND']))
    await vi.waitFor(() => expect(market.disagreements!()).toHaveLength(1))
    expect(market.disagreements!()[0]).toMatchObject({ symbol: 'BYND', basisPoints: 952 })
    two.say(new Error('away'))
    const { quotes } = two.asked
    await vi.waitFor(() => expect(two.asked.quotes).toBeGreaterThan(quotes + 1))
    expect(market.disagreements!()).toHaveLength(1) // silence is no agreement
    two.say({ price: 10 })
    await vi.waitFor(() => expect(market.disagreements!()).toEqual([]))
    await market.close()
  })
})
