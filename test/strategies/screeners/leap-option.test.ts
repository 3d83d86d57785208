import { expect, test } from 'vitest'
import { leapEntry } from '../../../src/strategies/screeners/leap-entry.ts'
import { callDelta, callValue } from '../../../src/strategies/screeners/maths/black-scholes.ts'
import { leapContractOf } from '../../../src/strategies/screeners/maths/leap-contract.ts'
import type { CallQuote, OptionChain } from '../../../src/strategies/screeners/maths/option-chain.ts'
import fc from '../../support/fast-check.ts'
import { barsOf, line } from './bars.ts'

const today = '2026-11-27'
const parameters = leapEntry.parameters.parse({}) as Parameters<typeof leapEntry.score>[1]

/** A year and more of a rise, a fall by a tenth, and a turn on the last day. */
const closes = [...line(90, 110, 250), ...line(109, 101, 21), 102.5]
const bars = barsOf(closes)
const spot = closes.at(-1)!

/** A call that the formula values at a volatility of 25%, with a spread around it as a share of it. */
function call(strike: number, expires: string, { spread = 0.02, openInterest = 100 } = {}): CallQuote {
  const years = (Date.parse(expires) - Date.parse(today)) / 86_400_000 / 365
  const middle = callValue({ spot, strike, years, rate: 0.04, dividendYield: 0 }, 0.25)
  return { strike, expires, bid: middle * (1 - spread / 2), ask: middle * (1 + spread / 2), openInterest }
}

const chain = (calls: CallQuote[], more: Partial<OptionChain> = {}): OptionChain => ({
  calls,
  source: 'made',
  spot,
  rate: 0.04,
  dividendYield: 0,
  ...more,
})
const strikes = [70, 80, 85, 90, 92.5, 95, 97.5, 100, 110, 120]
const days = ['2027-03-19', '2027-12-17', '2028-06-16', '2028-12-15', '2029-12-21']
const all = days.flatMap((day) => strikes.map((strike) => call(strike, day)))

test('buys the call whose delta is nearest to .75, of 18 to 30 months', () => {
  const contract = leapContractOf(chain(all), today)!
  expect(contract.expires === '2028-06-16' || contract.expires === '2028-12-15').toBe(true)
  const nearest = all
    .filter(({ expires }) => expires === '2028-06-16' || expires === '2028-12-15')
    .map(({ strike, expires }) => {
      const years = (Date.parse(expires) - Date.parse(today)) / 86_400_000 / 365
      return {
        strike,
        expires,
        off: Math.abs(callDelta({ spot, strike, years, rate: 0.04, dividendYield: 0 }, 0.25) - 0.75),
      }
    })
    .sort((a, b) => a.off - b.off)[0]!
  expect(contract).toMatchObject({ strike: nearest.strike, expires: nearest.expires })
  expect(contract.volatility).toBeCloseTo(0.25, 6)
})

test('takes the same call in any order of the chain', () => {
  const wanted = leapContractOf(chain(all), today)
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (calls) => {
      expect(leapContractOf(chain(calls), today)).toEqual(wanted)
    }),
  )
})

test('takes, of calls with the same delta, the one that more people hold', () => {
  const two = [call(92.5, '2028-06-16', { openInterest: 20 }), call(92.5, '2028-06-16', { openInterest: 300 })]
  expect(leapContractOf(chain(two), today)?.openInterest).toBe(300)
  expect(leapContractOf(chain(two.toReversed()), today)?.openInterest).toBe(300)
})

test('takes a year or longer where there is nothing of 18 months, and nothing shorter', () => {
  expect(leapContractOf(chain(all.filter(({ expires }) => expires <= '2027-12-17')), today)?.expires).toBe('2027-12-17')
  expect(leapContractOf(chain(all.filter(({ expires }) => expires < '2027-11')), today)).toBeUndefined()
})

test('takes no quote without a bid, with a bid above the ask, or below what the stock alone is worth', () => {
  const good = call(92.5, '2028-06-16')
  for (const bad of [{ bid: 0 }, { bid: good.ask + 1 }, { bid: 0.1, ask: 0.2 }, { ask: Number.NaN }]) {
    expect(leapContractOf(chain([{ ...good, ...bad }]), today)).toBeUndefined()
  }
  expect(leapContractOf(chain([good]), today)).toBeDefined()
})

test('scores the option: of 100 points with a chain, of 75 without', () => {
  const low = Array.from({ length: 252 }, (_, at) => 0.5 - at / 1000)
  const index = barsOf(line(100, 200, 300))
  const given = chain([call(92.5, '2028-06-16', { spread: 0.06, openInterest: 55 })], { volatilities: low })
  const withOption = leapEntry.score(bars, parameters, { index, chain: given })
  const option = withOption.items.filter(({ part }) => part === 'option')
  expect(option.map(({ name, points, of }) => [name, points, of])).toEqual([
    ['IV percentile', 10, 10],
    ['extrinsic value', expect.any(Number), 5],
    ['spread', 2.5, 5],
    ['open interest', 2.5, 5],
  ])
  const extrinsic = (given.calls[0]!.bid + given.calls[0]!.ask) / 2 - (spot - 92.5)
  const aYear = extrinsic / spot / (567 / 365)
  expect(option[1]!.points).toBeCloseTo(5 * ((0.1 - aYear) / 0.04), 2)
  expect(withOption.items.reduce((sum, { of }) => sum + of, 0)).toBe(100)
  expect(withOption.facts).toMatchObject({ strike: 92.5, expires: '2028-06-16' })

  const without = leapEntry.score(bars, parameters, { index })
  expect(without.items.reduce((sum, { of }) => sum + of, 0)).toBe(75)
  const points = without.items.reduce((sum, item) => sum + item.points, 0)
  expect(without.score).toBeCloseTo((100 * points) / 75, 2)
  expect(without.lacking).toContain('option chain: underlying only')
  expect(without.facts.estimate).toBe(
    'Black–Scholes from 252-day realized volatility, without an option chain; real prices are usually higher',
  )
  const facts = without.facts as Record<string, number>
  expect(facts.basis).toBe('underlying only')
  const estimated = { spot, strike: facts.estimated_strike!, years: 1.5, rate: 0.04, dividendYield: 0 }
  expect(callDelta(estimated, facts.volatility!)).toBeCloseTo(0.75, 4)
  expect(facts.estimated_price).toBeCloseTo(callValue(estimated, facts.volatility!), 3)
  expect(facts['estimated_price_at_1.25σ']).toBeCloseTo(callValue(estimated, 1.25 * facts.volatility!), 3)
  expect(JSON.stringify(without)).not.toMatch(/\bIV\b|implied/)
})

test('without a call to buy nothing passes, and the score is of the rest', () => {
  const scored = leapEntry.score(bars, { ...parameters, min_score: 0 }, { chain: chain([]) })
  expect(scored.passed).toBe(false)
  expect(scored.reasons).toEqual(['no call of a year or longer with a delta of .70 to .80 is quoted'])
  expect(leapEntry.score(bars, { ...parameters, min_score: 0 }, { chain: chain(all) }).passed).toBe(true)
})

test('a price that never moves gives no estimate', () => {
  const flat = leapEntry.score(barsOf(new Array(300).fill(20)), parameters, {})
  expect(flat.lacking).toContain('option chain: underlying only')
  expect(Object.keys(flat.facts)).not.toEqual(expect.arrayContaining(['estimate']))
})

test('too few days of implied volatility give no percentile', () => {
  const scored = leapEntry.score(bars, parameters, { chain: chain(all, { volatilities: [0.2, 0.3] }) })
  expect(scored.items.map(({ name }) => name)).not.toContain('IV percentile')
  expect(scored.lacking).toContain('IV percentile: 2 of 60 days of implied volatility')
})

test('the VIX counts where it is known, and is named as estimated where it is not', () => {
  const index = barsOf(line(100, 200, 300))
  const vix = (surroundings: object) =>
    leapEntry.score(bars, parameters, surroundings).items.find(({ name }) => name === 'VIX')
  expect(vix({ index, vix: 25 })).toMatchObject({ points: 2, text: 'VIX 25.0' })
  expect(vix({ index })?.text).toMatch(/in place of the VIX$/)
  expect(vix({})).toBeUndefined()
  expect(leapEntry.score(bars, parameters, {}).lacking).toContain('regime: no bars of SPY')
})
