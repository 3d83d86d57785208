import { expect, test } from 'vitest'
import {
  type Call,
  callDelta,
  callValue,
  impliedVolatility,
  strikeOfDelta,
} from '../../../src/strategies/screeners/maths/black-scholes.ts'
import { leapEstimate } from '../../../src/strategies/screeners/maths/leap-contract.ts'
import { density, normal } from '../../../src/strategies/screeners/maths/normal.ts'
import fc from '../../support/fast-check.ts'

/** Hull, "Options, Futures, and Other Derivatives", example 15.6: 4.76 for the call, .81 for the put. */
const hull: Call = { spot: 42, strike: 40, years: 0.5, rate: 0.1, dividendYield: 0 }

/** The put as the call with the two payments exchanged: the right to give the stock for the strike. */
const putValue = ({ spot, strike, years, rate, dividendYield }: Call, volatility: number) =>
  callValue({ spot: strike, strike: spot, years, rate: dividendYield, dividendYield: rate }, volatility)

const calls = fc.record({
  spot: fc.double({ min: 1, max: 500, noNaN: true }),
  strike: fc.double({ min: 1, max: 500, noNaN: true }),
  years: fc.double({ min: 0.02, max: 3, noNaN: true }),
  rate: fc.double({ min: -0.01, max: 0.1, noNaN: true }),
  dividendYield: fc.double({ min: 0, max: 0.08, noNaN: true }),
})
const volatilities = fc.double({ min: 0.05, max: 2, noNaN: true })

test('values the example of Hull', () => {
  expect(callValue(hull, 0.2)).toBeCloseTo(4.76, 2)
  expect(putValue(hull, 0.2)).toBeCloseTo(0.81, 2)
})

test('values an index option with a dividend yield: Hull, example 17.1', () => {
  const index = { spot: 930, strike: 900, years: 2 / 12, rate: 0.08, dividendYield: 0.03 }
  expect(callValue(index, 0.2)).toBeCloseTo(51.83, 2)
})

test('a call less a put is the stock less the strike, both of today', () => {
  fc.assert(
    fc.property(calls, volatilities, (call, volatility) => {
      const forward =
        call.spot * Math.exp(-call.dividendYield * call.years) - call.strike * Math.exp(-call.rate * call.years)
      expect(callValue(call, volatility) - putValue(call, volatility)).toBeCloseTo(forward, 8)
    }),
  )
})

test('a call is worth no less than without volatility, no more than the stock, and more with more volatility', () => {
  fc.assert(
    fc.property(calls, volatilities, (call, volatility) => {
      const value = callValue(call, volatility)
      expect(value).toBeGreaterThanOrEqual(callValue(call, 0) - 1e-9)
      expect(value).toBeLessThanOrEqual(call.spot)
      expect(callValue(call, volatility * 1.1)).toBeGreaterThanOrEqual(value - 1e-9)
    }),
  )
})

test('delta is the slope of the value', () => {
  fc.assert(
    fc.property(calls, volatilities, (call, volatility) => {
      const step = call.spot * 1e-5
      const [below, above] = [-step, step].map((each) => callValue({ ...call, spot: call.spot + each }, volatility))
      expect(callDelta(call, volatility)).toBeCloseTo((above! - below!) / (2 * step), 5)
    }),
  )
})

test('finds the volatility that a value was made with', () => {
  fc.assert(
    fc.property(calls, volatilities, (call, volatility) => {
      const value = callValue(call, volatility)
      // A value that volatility hardly moves cannot tell it.
      fc.pre(callValue(call, volatility * 1.001) - value > 1e-7 * call.spot)
      expect(impliedVolatility(call, value)).toBeCloseTo(volatility, 6)
    }),
  )
})

test('says no volatility for a value below the certain one, or of the stock or more', () => {
  const call = { ...hull, strike: 30 }
  expect(impliedVolatility(call, callValue(call, 0))).toBeUndefined()
  expect(impliedVolatility(call, 12)).toBeUndefined()
  expect(impliedVolatility(call, 42)).toBeUndefined()
  expect(impliedVolatility(call, Number.NaN)).toBeUndefined()
})

test('finds the strike of a delta', () => {
  fc.assert(
    fc.property(calls, volatilities, fc.double({ min: 0.05, max: 0.75, noNaN: true }), (call, volatility, delta) => {
      const strike = strikeOfDelta(delta, call, volatility)!
      expect(callDelta({ ...call, strike }, volatility)).toBeCloseTo(delta, 9)
    }),
  )
  // Dividends of 20% a year leave no call whose value follows the stock by .95.
  expect(strikeOfDelta(0.95, { ...hull, dividendYield: 0.2 }, 0.2)).toBeUndefined()
})

test('the normal distribution is right in the middle and far out, and never leaves 0 to 1', () => {
  // Abramowitz and Stegun, tables 26.1 and 26.2.
  for (const [x, probability] of [
    [0, 0.5],
    [1, 0.841344746068543],
    [1.96, 0.97500210485178],
    [3, 0.99865010196837],
    [-3, 0.00134989803163009],
    [-5, 2.866515718791939e-7],
    [-10, 7.619853024160527e-24],
  ] as const) {
    expect(Math.abs(normal(x) / probability - 1), String(x)).toBeLessThan(1e-13)
  }
  expect(normal(7.9)).toBeLessThanOrEqual(1)
  expect(normal(-40)).toBe(0)
  fc.assert(
    fc.property(fc.double({ min: -37, max: 37, noNaN: true }), (x) => {
      expect(normal(x) + normal(-x)).toBeCloseTo(1, 14)
      expect(normal(x + 1e-3)).toBeGreaterThanOrEqual(normal(x))
      const step = 1e-5
      expect((normal(x + step) - normal(x - step)) / (2 * step)).toBeCloseTo(density(x), 8)
    }),
  )
})

test('estimates a call of 18 months with a delta of .75', () => {
  const estimate = leapEstimate(100, 0.25)!
  expect(estimate.strike).toBeCloseTo(90.5, 1)
  expect(estimate.price).toBeCloseTo(20.1, 1)
  expect(estimate.extrinsic).toBeCloseTo(0.1065, 4)
  expect(estimate.priceAtMore).toBeCloseTo(
    callValue({ spot: 100, strike: estimate.strike, years: 1.5, rate: 0.04, dividendYield: 0 }, 0.3125),
    12,
  )
  expect(leapEstimate(100, 0)).toBeUndefined()
})
