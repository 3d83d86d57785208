import { describe, expect, test } from 'vitest'
import { Big, zero } from '../../../src/base/amounts.ts'
import { unchanged } from '../../../src/trading/corporate-actions/rules/split.ts'
import { equityCurve as curveOf, roundMoments } from '../../../src/trading/positions/rules/equity-curve.ts'
import { afterFill, flat, unrealizedPnl } from '../../../src/trading/positions/rules/position.ts'
import fc from '../../support/fast-check.ts'
import { type Booked, changeOf } from './exact-curve.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 15) + minute * 60_000)

/** Fills as the ledger would book them, a minute apart. */
function booked(
  fills: { symbol: string; side: 'buy' | 'sell'; quantity: string; price: string; commission?: string }[],
): Booked[] {
  const holdings = new Map(fills.map(({ symbol }) => [symbol, flat]))
  return fills.map(({ symbol, side, commission = '0', ...fill }, index) => {
    const execution = {
      side,
      quantity: new Big(fill.quantity),
      price: new Big(fill.price),
      commission: new Big(commission),
    }
    const { holding, realizedPnl } = afterFill(holdings.get(symbol)!, execution)
    holdings.set(symbol, holding)
    return { ...execution, symbol, realizedPnl, at: at(index) }
  })
}

/** The curve of fills that are not added up. */
const equityCurve = (fills: Booked[], ...rest: Tail<Parameters<typeof curveOf>>) =>
  curveOf(fills.map(changeOf), ...rest)
type Tail<All extends unknown[]> = All extends [unknown, ...infer Rest] ? Rest : never

const inDollars = ({ realized, unrealized, total }: { realized: Big; unrealized: Big; total: Big }) =>
  [realized, unrealized, total].map((amount) => amount.toFixed())

describe('the equity curve', () => {
  const fills = booked([
    { symbol: 'BYND', side: 'buy', quantity: '3750', price: '0.63' },
    { symbol: 'BYND', side: 'sell', quantity: '1000', price: '0.7', commission: '1' },
    { symbol: 'BYND', side: 'sell', quantity: '2750', price: '0.55' },
  ])

  test('is nothing before the first fill, and what is locked in after the last', () => {
    const points = equityCurve(fills, [], [at(-1), at(0), at(1), at(2), at(9)])
    expect(points.map(inDollars)).toEqual([
      ['0', '0', '0'],
      ['0', '0', '0'],
      ['69', '192.5', '261.5'],
      ['-151', '0', '-151'],
      ['-151', '0', '-151'],
    ])
  })

  test('goes with the last price that was known at the time, and not with a later one', () => {
    const prices = [
      { symbol: 'BYND', price: new Big('0.65'), at: new Date(at(0).getTime() + 20_000) },
      { symbol: 'AMD', price: new Big('120'), at: at(0) },
    ]
    const [early, later] = equityCurve(fills.slice(0, 1), prices, [at(0), new Date(at(0).getTime() + 30_000)])
    expect(inDollars(early!)).toEqual(['0', '0', '0'])
    expect(inDollars(later!)).toEqual(['0', '75', '75'])
  })

  test('of a short position rises when the price falls', () => {
    const short = booked([{ symbol: 'TSLA', side: 'sell', quantity: '50', price: '251' }])
    const price = { symbol: 'TSLA', price: new Big('250.5'), at: at(1) }
    expect(inDollars(equityCurve(short, [price], [at(2)])[0]!)).toEqual(['0', '25', '25'])
  })

  test('goes on through a split and another symbol: nothing is gained by them but what was paid out', () => {
    const [opened] = booked([{ symbol: 'BYND', side: 'buy', quantity: '3755', price: '0.63' }])
    const price = { symbol: 'BYND', price: new Big('0.6'), at: at(1) }
    const ratio = { to: new Big(1), from: new Big(10) }
    const split = {
      ...{ symbol: 'BYND', signedQuantity: new Big(375), openCost: new Big('2362.5'), at: at(2) },
      adjusts: { symbol: 'BYND', ratio, realizedPnl: new Big('-0.15') },
    }
    const renamed = {
      ...{ ...split, symbol: 'BYON', at: at(3) },
      adjusts: { symbol: 'BYND', ratio: unchanged, realizedPnl: zero },
    }
    // 75 of 375 are sold at $7.00, and cost $472.50.
    const sold = { side: 'sell' as const, quantity: new Big(75), price: new Big(7), commission: zero }
    const fills = [opened!, { ...sold, symbol: 'BYON', realizedPnl: new Big('52.5'), at: at(4) }]
    const points = equityCurve(fills, [price], [at(1), at(2), at(3), at(4)], [split, renamed])
    expect(points.map(inDollars)).toEqual([
      ['0', '-112.65', '-112.65'],
      ['-0.15', '-112.5', '-112.65'],
      ['-0.15', '-112.5', '-112.65'],
      ['52.35', '210', '262.35'],
    ])
  })

  test('gains cash for a fraction that came later, and keeps what is open by then', () => {
    const [opened] = booked([{ symbol: 'BYND', side: 'buy', quantity: '100', price: '1' }])
    const price = { symbol: 'BYND', price: new Big('1.1'), at: at(1) }
    // The trade that it belongs to is flat.
    const cash = {
      ...{ symbol: 'BYND', signedQuantity: zero, openCost: zero, at: at(2) },
      adjusts: { symbol: 'BYND', ratio: unchanged, realizedPnl: new Big('0.3'), isCash: true },
    }
    expect(equityCurve([opened!], [price], [at(1), at(2)], [cash]).map(inDollars)).toEqual([
      ['0', '10', '10'],
      ['0.3', '10', '10.3'],
    ])
  })

  test('goes on from a correction without a fill', () => {
    const [opened, ended] = booked([
      { symbol: 'BYND', side: 'buy', quantity: '2000', price: '0.55' },
      { symbol: 'BYND', side: 'sell', quantity: '5000', price: '0.70' },
    ])
    const correction = { symbol: 'BYND', signedQuantity: new Big(5000), openCost: new Big(3000), at: at(0.5) }
    const price = { symbol: 'BYND', price: new Big('0.65'), at: at(0.25) }
    // The ledger books the sale against the 5,000 that it knows: 3,500 for a cost of 3,000.
    const fills = [opened!, { ...ended!, realizedPnl: new Big(500) }]
    const points = equityCurve(fills, [price], [at(0.3), at(0.6), at(1), at(9)], [correction])
    expect(points.map(inDollars)).toEqual([
      ['0', '200', '200'],
      ['0', '250', '250'],
      ['500', '0', '500'],
      ['500', '0', '500'],
    ])
  })

  test('goes back to where it was when the venue takes a fill back, its commission included', () => {
    const [opened, sold] = fills
    const back = { ...sold!, side: 'buy' as const, commission: new Big(-1), realizedPnl: new Big(-69), at: at(2) }
    const price = { symbol: 'BYND', price: new Big('0.65'), at: at(3) }
    const points = equityCurve([opened!, sold!, back], [price], [at(1), at(2), at(3)])
    expect(points.map(inDollars)).toEqual([
      ['69', '192.5', '261.5'],
      ['0', '262.5', '262.5'],
      ['0', '75', '75'],
    ])
  })

  test('is exact in the end when a fill was booked after others that were made later', () => {
    const [first, late, last] = booked([
      { symbol: 'BYND', side: 'buy', quantity: '100', price: '1' },
      { symbol: 'BYND', side: 'sell', quantity: '100', price: '2' },
      { symbol: 'BYND', side: 'buy', quantity: '100', price: '3' },
    ])
    const price = { symbol: 'BYND', price: new Big(4), at: at(3) }
    const swapped = [first!, { ...late!, at: at(2) }, { ...last!, at: at(1) }]
    expect(inDollars(equityCurve(swapped, [price], [at(4)])[0]!)).toEqual(['100', '100', '200'])
  })

  test('ends at exactly what the positions have locked in and are worth, whatever was traded', () => {
    const fill = fc.record({
      symbol: fc.constantFrom('A', 'B'),
      side: fc.constantFrom('buy', 'sell') as fc.Arbitrary<'buy' | 'sell'>,
      quantity: fc.integer({ min: 1, max: 5000 }).map(String),
      price: fc.integer({ min: 1, max: 99_999 }).map((cents) => new Big(cents).div(100).toFixed()),
      commission: fc.integer({ min: 0, max: 300 }).map((cents) => new Big(cents).div(100).toFixed()),
    })
    fc.assert(
      fc.property(fc.array(fill, { minLength: 1, maxLength: 30 }), (traded) => {
        const all = booked(traded)
        const last = equityCurve(all, [], [at(1000)])[0]!
        const holdings = new Map<string, { holding: typeof flat; price: Big }>()
        for (const one of all) {
          const before = holdings.get(one.symbol)?.holding ?? flat
          holdings.set(one.symbol, { holding: afterFill(before, one).holding, price: one.price })
        }
        const [realized, unrealized] = [...holdings.values()].reduce(
          ([a, b], { holding, price }) => [a.plus(holding.realizedPnl), b.plus(unrealizedPnl(holding, price))] as const,
          [zero, zero] as readonly [Big, Big],
        )
        expect(inDollars(last)).toEqual(
          [realized, unrealized, realized.plus(unrealized)].map((amount) => amount.toFixed()),
        )
      }),
    )
  })
})

describe('the moments of a curve', () => {
  test('are round, begin before the first fill and end now', () => {
    const { step, moments } = roundMoments(new Date('2026-11-20T15:07:00Z'), new Date('2026-11-20T16:03:20Z'), 12)
    expect(step).toBe(300_000)
    expect(moments.map((one) => one.toISOString().slice(11, 19))).toEqual([
      '15:05:00',
      '15:10:00',
      '15:15:00',
      '15:20:00',
      '15:25:00',
      '15:30:00',
      '15:35:00',
      '15:40:00',
      '15:45:00',
      '15:50:00',
      '15:55:00',
      '16:00:00',
      '16:03:20',
    ])
  })

  test('are never too many, rise, and lie around the given period', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 0, max: 5e11 }), (begin, span) => {
        const [from, to] = [new Date(begin), new Date(begin + span)]
        const { moments } = roundMoments(from, to, 120)
        expect(moments.length).toBeLessThanOrEqual(123)
        expect(moments.length).toBeGreaterThanOrEqual(2)
        expect(moments[0]!.getTime()).toBeLessThan(begin === 0 ? 1 : begin)
        expect(moments.at(-1)).toEqual(to)
        for (const [index, moment] of moments.entries())
          if (index > 0) expect(moment.getTime()).toBeGreaterThan(moments[index - 1]!.getTime())
      }),
    )
  })
})
