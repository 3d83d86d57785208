import Big from 'big.js'
import { describe, expect, test } from 'vitest'
import type { Quote } from '../../src/market/market.ts'
import type { Side } from '../../src/trading/positions/rules/position.ts'
import { arrivingPrice, isReached, restingPrice } from '../../src/venues/paper/fill-rules.ts'
import fc from '../support/fast-check.ts'

const tick = new Big('0.01')
const instrument = { tick }
const noSlip = { share: 0, chance: 0 }
const minute = (index: number) => new Date(index * 60_000)
const before = minute(-1)

/** The quote when a recorded bar has come this far, one price a minute; bid and ask are a tick from the last. */
function walked(...prices: number[]): Quote {
  const path = prices.map((price, index) => ({ at: minute(index), price: new Big(price) }))
  return { ...plain(prices.at(-1)!), path }
}

/** A quote of a market without a path. */
function plain(price: number): Quote {
  const last = new Big(price)
  return { symbol: 'X', bid: last.minus(tick), ask: last.plus(tick), last, at: minute(9), source: 'test' }
}

describe('a resting limit', () => {
  test.each([
    ['sell', 110, 'is passed on the way up', walked(100, 150), before, '110'],
    ['sell', 110, 'is passed after the low', walked(100, 99, 150), before, '110'],
    ['sell', 110, 'was passed before this price', walked(100, 150, 120), before, '110'],
    ['sell', 110, 'is where the bar begins', walked(110, 150), before, '110'],
    ['sell', 110, 'is jumped over by the open', walked(120), before, '119.99'],
    ['sell', 110, 'is jumped over by the open, and nobody looked then', walked(120, 150), before, '120'],
    ['sell', 110, 'is jumped over by the open, and the price is worse now', walked(120, 115), before, '114.99'],
    ['sell', 110, 'came after the bar began beyond it, and is passed then', walked(120, 100, 150), minute(1), '110'],
    ['sell', 110, 'came just now', walked(100, 150), minute(1), '149.99'],
    ['sell', 110, 'is reached in a market that shows no way', plain(150), before, '149.99'],
    ['buy', 95, 'is passed on the way down', walked(100, 80), before, '95'],
    ['buy', 95, 'is passed after the high', walked(100, 101, 80), before, '95'],
    ['buy', 95, 'is jumped over by the open', walked(90), before, '90.01'],
    ['buy', 95, 'is jumped over by the open, and nobody looked then', walked(90, 80), before, '90'],
    ['buy', 95, 'came just now', walked(100, 80), minute(1), '80.01'],
    ['buy', 95, 'is reached in a market that shows no way', plain(80), before, '80.01'],
  ] as const)('to %s @ %i that %s', (side, limit, _, quote, since, price) => {
    expect(restingPrice({ side, limitPrice: new Big(limit) }, since, quote).toFixed()).toBe(price)
  })
})

describe('an order at the market', () => {
  test.each([
    ['sell', 110, 'a target inside the bar', walked(100, 150), '110'],
    ['sell', 110, 'a target that was passed before this price', walked(100, 99, 150, 120), '110'],
    ['sell', 110, 'a target that the open jumped over', walked(120), '119.99'],
    ['sell', 95, 'a stop inside the bar', walked(100, 80), '95'],
    ['sell', 95, 'a stop inside a bar that came back', walked(100, 80, 120), '95'],
    ['sell', 95, 'a stop that the open jumped over', walked(90), '89.99'],
    ['sell', 95, 'a stop that the open jumped over, a moment later', walked(90, 85), '84.99'],
    ['buy', 95, 'a target of a short position', walked(100, 80), '95'],
    ['buy', 95, 'such a target that the open jumped over', walked(90), '90.01'],
    ['buy', 110, 'a stop of a short position', walked(100, 150), '110'],
    ['buy', 110, 'such a stop that the open jumped over', walked(120), '120.01'],
    ['sell', 110.005, 'a level between two ticks', walked(100, 150), '110'],
    ['buy', 110.005, 'such a level', walked(100, 150), '110.01'],
    ['sell', 95, 'a stop in a market that shows no way', plain(80), '79.99'],
    ['sell', undefined, 'nobody’s level', walked(100, 150), '149.99'],
    ['buy', undefined, 'nobody’s level', walked(100, 150), '150.01'],
  ] as const)('to %s at %s, %s', (side, level, _, quote, price) => {
    const touchedLevel = level === undefined ? undefined : new Big(level)
    expect(arrivingPrice({ side, touchedLevel }, quote, instrument, noSlip).toFixed()).toBe(price)
  })

  test('slips from the level as from bid or ask', () => {
    const slip = { share: 0.01, chance: 0.5 }
    const sold = arrivingPrice({ side: 'sell', touchedLevel: new Big(95) }, walked(100, 80), instrument, slip)
    expect(sold.toFixed()).toBe('94.05')
    const bought = arrivingPrice({ side: 'buy', touchedLevel: new Big(110) }, walked(100, 150), instrument, slip)
    expect(bought.toFixed()).toBe('111.1')
    expect(arrivingPrice({ side: 'sell' }, plain(80), instrument, slip).toFixed()).toBe('79.19')
  })
})

test('an order with a limit that is filled on arrival slips no further than its limit, whatever the bar passed before', () => {
  const slip = { share: 0.1, chance: 0 }
  const filled = (side: Side, limit: number) =>
    arrivingPrice({ side, limitPrice: new Big(limit) }, walked(100, 150), instrument, slip).toFixed()
  expect([filled('sell', 110), filled('sell', 149)]).toEqual(['135', '149'])
  expect([filled('buy', 160), filled('buy', 190)]).toEqual(['160', '165.01'])
})

/** A bar in cents, and the progress of its walk over open, extremes and close. */
const bars = fc
  .record({
    prices: fc.array(fc.integer({ min: 200, max: 400 }), { minLength: 4, maxLength: 4 }),
    half: fc.integer({ min: 0, max: 5 }),
    quarter: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ prices, half, quarter }) => {
    const [open, close] = [prices[0]!, prices[3]!]
    const [high, low] = [Math.max(...prices), Math.min(...prices)]
    const path = high - open < open - low ? [open, high, low, close] : [open, low, high, close]
    const dollars = path.slice(0, quarter + 1).map((cents) => new Big(cents).div(100))
    const last = dollars.at(-1)!
    const spread = tick.times(half)
    const quote: Quote = {
      ...plain(0),
      last,
      bid: last.minus(spread),
      ask: last.plus(spread),
      path: dollars.map((price, index) => ({ at: minute(index), price })),
    }
    return { quote, dollars, high: new Big(high).div(100), low: new Big(low).div(100) }
  })

const orders = fc.record({
  side: fc.constantFrom<Side>('buy', 'sell'),
  level: fc.integer({ min: 190, max: 410 }).map((cents) => new Big(cents).div(100)),
  slip: fc.record({ share: fc.constantFrom(0, 0.001, 0.05), chance: fc.double({ min: 0, max: 0.99, noNaN: true }) }),
})

test('no fill is worse than its limit or better than the best price of the bar, and a passed level fills at that level', () => {
  fc.assert(
    fc.property(bars, orders, ({ quote, dollars, high, low }, { side, level, slip }) => {
      const isWithinBar = (price: Big) => (side === 'sell' ? price.lte(high) : price.gte(low))
      const isWithinLimit = (price: Big) => (side === 'sell' ? price.gte(level) : price.lte(level))
      const isInside = dollars.some((price) => price.lt(level)) && dollars.some((price) => price.gt(level))

      const triggered = arrivingPrice({ side, touchedLevel: level }, quote, instrument, slip)
      expect(isWithinBar(triggered)).toBe(true)
      if (isInside && slip.share === 0) expect(triggered).toEqual(level)
      if (isInside) expect(side === 'sell' ? triggered.lte(level) : triggered.gte(level)).toBe(true)

      const terms = { side, limitPrice: level }
      if (!isReached(terms, quote)) return
      const rested = restingPrice(terms, before, quote)
      const came = arrivingPrice(terms, quote, instrument, slip)
      for (const price of [rested, came]) expect(isWithinBar(price) && isWithinLimit(price)).toBe(true)
      const isBeyond = dollars.every((price) => (side === 'sell' ? price.gt(level) : price.lt(level)))
      if (isBeyond) expect(side === 'sell' ? rested.lte(dollars[0]!) : rested.gte(dollars[0]!)).toBe(true)
      else expect(rested).toEqual(level)
    }),
    { numRuns: 2_000 },
  )
})
