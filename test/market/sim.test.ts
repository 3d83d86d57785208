import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { createSimMarket } from '../../src/market/feeds/sim/sim.ts'
import { simInstruments } from '../../src/market/feeds/sim/sim-instruments.ts'
import { createPath } from '../../src/market/feeds/sim/sim-path.ts'
import type { Market, Quote } from '../../src/market/market.ts'
import fc from '../support/fast-check.ts'
import { handClock } from './hand-clock.ts'

const symbol = fc.constantFrom(...simInstruments.map((each) => each.symbol))
const time = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
const minute = 60_000

const open: Market[] = []
afterEach(() => Promise.all(open.splice(0).map((market) => market.close())))

function sim(clock: Clock = handClock(), seed = 'a seed') {
  const market = createSimMarket({ seed, clock })
  open.push(market)
  return market
}

describe('the simulated market', () => {
  test('offers about forty symbols, BYND near a dollar among them', async () => {
    const market = sim()
    expect(market.instruments().length).toBeGreaterThanOrEqual(40)
    expect(new Set(market.instruments().map((each) => each.symbol)).size).toBe(market.instruments().length)
    const bynd = await market.quote('bynd')
    expect(bynd!.last.toNumber()).toBeGreaterThan(0.85)
    expect(bynd!.last.toNumber()).toBeLessThan(1.2)
    expect(market.instrument('btc-usd')!.lot.toFixed()).toBe('0.0001')
    expect(market.instrument('TLRY')!.tick.toFixed()).toBe('0.0001')
  })

  test('does not know unlisted symbols', async () => {
    expect(sim().instrument('ZZZZ')).toBeUndefined()
    expect(await sim().quote('ZZZZ')).toBeUndefined()
    expect(await sim().bars('ZZZZ', 1, 5)).toEqual([])
  })

  test('has a bid below its ask, the last between them, and all on the tick', async () => {
    await fc.assert(
      fc.asyncProperty(symbol, time, fc.string(), async (name, at, seed) => {
        const market = createSimMarket({ seed, clock: handClock(at) })
        const { tick } = market.instrument(name)!
        const { bid, ask, last } = (await market.quote(name))!
        expect(bid.gt(0) && bid.lt(ask) && bid.lte(last) && last.lte(ask)).toBe(true)
        for (const price of [bid, ask, last]) expect(price.mod(tick).eq(0)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('with a time scale, equals the unscaled market at the anchor, and plays an hour in a minute', async () => {
    const anchor = new Date('2026-11-20T15:00:00Z')
    const hurried = createSimMarket({ seed: 'x', clock: handClock(anchor.getTime() + minute, 60), anchor })
    const plain = createSimMarket({ seed: 'x', clock: handClock(anchor.getTime() + 60 * minute) })
    expect((await hurried.quote('BYND'))!.last).toEqual((await plain.quote('BYND'))!.last)
    const [bars, expected] = await Promise.all([hurried.bars('BYND', 1, 60), plain.bars('BYND', 1, 60)])
    expect(bars.map(({ tradedAt, close }) => [tradedAt, close])).toEqual(
      expected.map(({ tradedAt, close }) => [tradedAt, close]),
    )
    expect(bars.map(({ at }) => at.getTime() - anchor.getTime())).toEqual(bars.map((_, index) => index * 1000))
  })

  test('gives the same prices at the same time, whatever was requested before', async () => {
    await fc.assert(
      fc.asyncProperty(symbol, time, fc.array(time, { maxLength: 3 }), async (name, at, others) => {
        const fresh = await createSimMarket({ seed: 'x', clock: handClock(at) }).quote(name)
        const clock = handClock()
        const used = createSimMarket({ seed: 'x', clock })
        for (const other of others) {
          clock.set(other)
          await used.quote(name)
          await used.bars(name, 3, 4)
        }
        clock.set(at)
        expect(await used.quote(name)).toEqual(fresh)
      }),
    )
  })

  test('differs from seed to seed', async () => {
    const lasts = new Set<string>()
    for (const seed of ['a', 'b', 'c', 'd', 'e'])
      lasts.add((await sim(handClock(), seed).quote('AAPL'))!.last.toFixed())
    expect(lasts.size).toBe(5)
  })

  test('keeps each quote of a minute inside its bar, which opens and closes where the quotes do', async () => {
    await fc.assert(
      fc.asyncProperty(symbol, time, fc.array(fc.nat(minute - 1), { maxLength: 30 }), async (name, at, offsets) => {
        const begin = Math.floor(at.getTime() / minute) * minute
        const clock = handClock(begin + minute)
        const market = createSimMarket({ seed: 'x', clock })
        const [bar] = await market.bars(name, 1, 1)
        const next = (await market.quote(name))!
        expect(bar!.at).toEqual(new Date(begin))
        expect(bar!.close.eq(next.last)).toBe(true)
        clock.set(begin)
        expect((await market.quote(name))!.last.eq(bar!.open)).toBe(true)
        for (const offset of offsets) {
          clock.set(begin + offset)
          const { last } = (await market.quote(name))!
          expect(last.gte(bar!.low) && last.lte(bar!.high)).toBe(true)
        }
      }),
    )
  })

  test('makes a long bar of the short ones in it', async () => {
    await fc.assert(
      fc.asyncProperty(symbol, time, fc.integer({ min: 2, max: 60 }), async (name, at, minutes) => {
        const market = createSimMarket({ seed: 'x', clock: handClock(Math.floor(at.getTime() / 3.6e6) * 3.6e6) })
        const length = minutes * minute
        const long = (await market.bars(name, minutes, 2))[0]!
        const short = (await market.bars(name, 1, minutes * 3)).filter(
          (bar) => bar.at >= long.at && bar.at.getTime() < long.at.getTime() + length,
        )
        expect(short).toHaveLength(minutes)
        expect(long.open).toEqual(short[0]!.open)
        expect(long.close).toEqual(short.at(-1)!.close)
        expect(long.high.toNumber()).toBe(Math.max(...short.map((bar) => bar.high.toNumber())))
        expect(long.low.toNumber()).toBe(Math.min(...short.map((bar) => bar.low.toNumber())))
        expect(long.volume).toEqual(short.reduce((sum, bar) => sum.plus(bar.volume), long.volume.minus(long.volume)))
      }),
    )
  })

  test('makes a span of minutes bit for bit what they sum up to', () => {
    const part = fc.tuple(
      fc.constantFrom(...simInstruments),
      fc.integer({ min: 0, max: 36_000_000 }),
      fc.integer({ min: 1, max: 3000 }),
    )
    fc.assert(
      fc.property(part, ([instrument, first, count]) => {
        const path = createPath('a seed', instrument)
        const all = Array.from({ length: count }, (_, at) => path.minute(first + at))
        expect(path.span(first, count)).toEqual({
          open: all[0]!.open,
          high: Math.max(...all.map(({ high }) => high)),
          low: Math.min(...all.map(({ low }) => low)),
          close: all.at(-1)!.close,
          lots: all.reduce((sum, { lots }) => sum + lots, 0),
        })
      }),
    )
  })

  test('answers with whole, finished bars only, without a hole between them', async () => {
    const clock = handClock('2026-11-20T15:07:31Z')
    const bars = await sim(clock).bars('MSFT', 5, 12)
    expect(bars).toHaveLength(12)
    expect(bars.at(-1)!.at).toEqual(new Date('2026-11-20T15:00:00Z'))
    for (const [index, bar] of bars.entries()) {
      expect(bar.high.gte(bar.open) && bar.high.gte(bar.close)).toBe(true)
      expect(bar.low.lte(bar.open) && bar.low.lte(bar.close)).toBe(true)
      expect(bar.volume.gt(0)).toBe(true)
      if (index > 0) expect(bar.at.getTime() - bars[index - 1]!.at.getTime()).toBe(5 * minute)
    }
  })

  test('plays a minute in a second at a scale of 60, in the clock’s own time', async () => {
    const clock = handClock('2026-11-20T15:00:00.400Z', 60)
    const bars = await sim(clock).bars('AAPL', 1, 3)
    expect(bars.map((bar) => bar.at.toISOString())).toEqual([
      '2026-11-20T14:59:57.000Z',
      '2026-11-20T14:59:58.000Z',
      '2026-11-20T14:59:59.000Z',
    ])
    expect((await sim(clock).quote('AAPL'))!.at).toEqual(clock.now())
  })

  test('moves as its instruments say: a one-minute step within a factor of two', async () => {
    const market = sim()
    for (const traits of simInstruments) {
      const bars = await market.bars(traits.symbol, 1, 5_000)
      const squares = bars.map((bar) => Math.log(bar.close.toNumber() / bar.open.toNumber()) ** 2)
      const move = 10_000 * Math.sqrt(squares.reduce((sum, each) => sum + each, 0) / squares.length)
      // A tick is a coarse step for a cheap stock, so the measured move includes its rounding.
      const rounding = (10_000 / traits.base / 10 ** traits.priceDecimals) * 0.75
      expect(move, traits.symbol).toBeGreaterThan(traits.minuteMove / 2)
      expect(move, traits.symbol).toBeLessThan(traits.minuteMove * 2 + rounding)
    }
  })

  test('keeps BYND between 85 cents and $1.20 for years, with a spread of a cent', async () => {
    const market = sim()
    const bars = await market.bars('BYND', 1440, 600)
    for (const bar of bars) {
      expect(bar.low.toNumber()).toBeGreaterThan(0.85)
      expect(bar.high.toNumber()).toBeLessThan(1.2)
    }
    const { bid, ask } = (await market.quote('BYND'))!
    expect(ask.minus(bid).toFixed()).toBe('0.01')
  })

  test('has calm hours and volatile ones', async () => {
    const bars = await sim().bars('SPY', 1, 60 * 200)
    const moves = Array.from({ length: 200 }, (_, hour) =>
      Math.sqrt(
        bars
          .slice(hour * 60, hour * 60 + 60)
          .reduce((sum, bar) => sum + Math.log(bar.close.toNumber() / bar.open.toNumber()) ** 2, 0),
      ),
    ).sort((a, b) => a - b)
    expect(moves[180]! / moves[20]!).toBeGreaterThan(2)
  })

  test('sends every symbol at least once a second while somebody listens', async () => {
    const market = sim(systemClock())
    const heard = new Map<string, Quote[]>()
    const begun = Date.now()
    const stop = market.subscribe((quote) => heard.set(quote.symbol, [...(heard.get(quote.symbol) ?? []), quote]))
    await vi.waitFor(() => expect(heard.get('BYND')?.length).toBeGreaterThanOrEqual(3), 5_000)
    expect(Date.now() - begun).toBeLessThan(3_000)
    expect(heard.size).toBe(simInstruments.length)
    stop()
    const count = heard.get('BYND')!.length
    const other: Quote[] = []
    market.subscribe((quote) => other.push(quote))
    await vi.waitFor(() => expect(other.length).toBeGreaterThan(0), 5_000)
    expect(heard.get('BYND')!.length).toBe(count)
  })

  test('continues to send to the others when one listener throws', async () => {
    const warned: string[] = []
    const log = { info: () => {}, warn: (_: object, message: string) => void warned.push(message) }
    const market = createSimMarket({ seed: 'x', clock: systemClock(), log })
    open.push(market)
    let heard = 0
    market.subscribe(() => {
      throw new Error('on purpose')
    })
    market.subscribe(() => heard++)
    await vi.waitFor(() => expect(heard).toBeGreaterThan(0), 5_000)
    expect(warned[0]).toBe('a subscriber of quotes threw')
  })

  test('refuses bars that do not exist', async () => {
    await expect(sim().bars('SPY', 0, 5)).rejects.toThrow(RangeError)
    await expect(sim().bars('SPY', 1.5, 5)).rejects.toThrow(RangeError)
    await expect(sim().bars('SPY', 1, -1)).rejects.toThrow(RangeError)
    expect(await sim().bars('SPY', 1, 0)).toEqual([])
  })
})
