import { describe, expect, test } from 'vitest'
import { type Bar, limitFill, type Sign, stopFill } from '../../src/backtest/engine/fill-rule.ts'
import { Big } from '../../src/base/amounts.ts'
import type { Quote } from '../../src/market/market.ts'
import { arrivingPrice, isReached, restingPrice } from '../../src/venues/paper/fill-rules.ts'
import fc from '../support/fast-check.ts'

const runs = Number(process.env.RUNS ?? 300)
const noSlip = { share: 0, chance: 0 }
const tick = new Big('0.01')
const began = new Date('2026-11-20T15:00:00Z')

/** Cents, so that both rules see the same prices. */
const cents = fc.integer({ min: 900, max: 1100 })
const bars = fc.tuple(cents, cents, cents, cents).map((four): Bar => {
  const sorted = four.toSorted((a, b) => a - b)
  const [open, close] = [four[0], four[1]]
  return { open: open / 100, close: close / 100, low: sorted[0]! / 100, high: sorted[3]! / 100 }
})
const sides = fc.constantFrom<Sign>(1, -1)

/** The bar as a replay plays it, price by price: each quote has the price before on its path. */
function quotesOf({ open, high, low, close }: Bar, isLowFirst: boolean): Quote[] {
  const prices = [open, ...(isLowFirst ? [low, high] : [high, low]), close].map((price) => new Big(price))
  const at = (nth: number) => new Date(began.getTime() + nth * 1000)
  return prices.map((price, nth) => ({
    ...{ symbol: 'AAA', bid: price, ask: price, last: price, at: at(nth) },
    path: [...(nth > 0 ? [{ at: at(nth - 1), price: prices[nth - 1]! }] : []), { at: at(nth), price }],
  })) as Quote[]
}

const sideOf = (sign: Sign) => (sign > 0 ? ('buy' as const) : ('sell' as const))

describe('the fill rule of runs', () => {
  test('fills a limit where paper does, whichever end of the bar came first', () => {
    fc.assert(
      fc.property(bars, cents, sides, fc.boolean(), (bar, level, sign, isLowFirst) => {
        const terms = { side: sideOf(sign), limitPrice: new Big(level).div(100) }
        const quote = quotesOf(bar, isLowFirst).find((one) => isReached(terms, one))
        const paper = quote && restingPrice(terms, new Date(0), quote).toNumber()
        expect(limitFill(sign, level / 100, bar)?.price).toBe(paper)
      }),
      { numRuns: runs },
    )
  })

  test('fills a touched stop where paper does, whichever end of the bar came first', () => {
    fc.assert(
      fc.property(bars, cents, sides, fc.boolean(), (bar, level, sign, isLowFirst) => {
        const stop = new Big(level).div(100)
        const quote = quotesOf(bar, isLowFirst).find(({ last }) => (sign > 0 ? last.gte(stop) : last.lte(stop)))
        const terms = { side: sideOf(sign), touchedLevel: stop }
        const paper = quote && arrivingPrice(terms, quote, { tick }, noSlip).toNumber()
        expect(stopFill(sign, level / 100, bar)?.price).toBe(paper)
      }),
      { numRuns: runs },
    )
  })
})
