import { describe, expect, test } from 'vitest'
import { free } from '../../src/backtest/engine/costs.ts'
import { deskGate } from '../../src/backtest/engine/gate.ts'
import { simulate } from '../../src/backtest/engine/simulate.ts'
import { Big } from '../../src/base/amounts.ts'
import { barsFrom, type Ohlc, play, scripted } from './scripted.ts'

const flat = (price: number): Ohlc => [price, price, price, price]
const last = (numbers: ArrayLike<number>) => numbers[numbers.length - 1]

describe('a run', () => {
  test('carries a decision out at the next open, and the last position at the last open', () => {
    const rows: Ohlc[] = [flat(10), [11, 12, 10, 12], [13, 14, 13, 14]]
    const { trades, equity } = play(rows, { 0: (trader) => trader.order({ side: 'buy' }) })
    expect(trades).toMatchObject([
      { side: 'long', quantity: 90, entryPrice: 11, entryAt: 1, exitPrice: 13, exitAt: 2, reason: 'end', profit: 180 },
    ])
    expect([...equity]).toEqual([1000, 1090, 1180])
  })

  test('closes before it reverses, and sells short as many as its equity is worth', () => {
    const { trades } = play([flat(10), flat(10), flat(20), flat(20), flat(10)], {
      0: (trader) => trader.order({ side: 'buy' }),
      2: (trader) => {
        trader.close()
        trader.order({ side: 'sell' })
      },
    })
    expect(trades).toMatchObject([
      { side: 'long', quantity: 100, profit: 1000 },
      { side: 'short', quantity: 100, entryPrice: 20, exitPrice: 10, profit: 1000, returned: 0.5 },
    ])
  })

  test('counts a bar that touches stop and target as the stop, and fills beyond a gap at the open', () => {
    const enter = (levels: object) => ({
      0: (trader: { order(wish: object): void }) => trader.order({ side: 'buy', levels }),
    })
    const both = enter({ stopShare: 0.1, targetShare: 0.1 })
    const exitOf = (rows: Ohlc[], does = both) => play(rows, does as never).trades[0]
    expect(exitOf([flat(10), [10, 12, 8, 10], flat(10)])).toMatchObject({ exitPrice: 9, reason: 'stop', exitAt: 1 })
    expect(exitOf([flat(10), flat(10), [7, 8, 7, 8], flat(8)])).toMatchObject({ exitPrice: 7, reason: 'stop' })
    expect(exitOf([flat(10), [10, 11, 10, 10], flat(10)])).toMatchObject({ exitPrice: 11, reason: 'target' })
    expect(exitOf([flat(10), flat(10), [12, 12, 12, 12], flat(8)])).toMatchObject({ exitPrice: 12, reason: 'target' })
  })

  test('trails a stop behind the best price, and never back', () => {
    const rows: Ohlc[] = [flat(10), flat(10), [10, 20, 10, 19], [19, 19, 17, 18], flat(18)]
    const { trades } = play(rows, { 0: (trader) => trader.order({ side: 'buy', levels: { trailShare: 0.1 } }) })
    expect(trades[0]).toMatchObject({ exitPrice: 18, exitAt: 3, reason: 'stop' })
    // The close is below the stop that the high of the same bar had moved: the market passed it on the way.
    const within = play([flat(10), flat(10), [10, 20, 10, 15], flat(15)], {
      0: (trader) => trader.order({ side: 'buy', levels: { trailShare: 0.1 } }),
    })
    expect(within.trades[0]).toMatchObject({ exitPrice: 18, exitAt: 2 })
  })

  test('fills limits and stops of entries, and lets only what came later take them out on that bar', () => {
    const limit = play([flat(10), [10, 12, 8, 9.5], flat(9.5), flat(9.5)], {
      0: (trader) => trader.order({ side: 'buy', limit: 9, levels: { target: 11, stop: 5 } }),
    })
    // The high of 12 may have come before the limit.
    expect(limit.trades[0]).toMatchObject({ entryPrice: 9, entryAt: 1, exitAt: 3, reason: 'end' })
    const stopped = play([flat(10), [10, 12, 8, 9.5], flat(9)], {
      0: (trader) => trader.order({ side: 'buy', stop: 11, levels: { stop: 8.5 } }),
    })
    expect(stopped.trades[0]).toMatchObject({ entryPrice: 11, exitPrice: 8.5, exitAt: 1, reason: 'stop' })
    const never = play([flat(10), flat(10), flat(10)], { 0: (trader) => trader.order({ side: 'buy', limit: 9 }) })
    expect(never.trades).toEqual([])
  })

  test('scales a position out in even chunks, whose sum is the whole', () => {
    const { trades } = play([flat(10), flat(10), flat(11), flat(12), flat(13), flat(14)], {
      0: (trader) => trader.order({ side: 'buy', quantity: 10 }),
      1: (trader) => trader.scaleout(3),
    })
    expect(trades.map(({ quantity, exitPrice, reason }) => [quantity, exitPrice, reason])).toEqual([
      [4, 11, 'chunk'],
      [3, 12, 'chunk'],
      [3, 13, 'chunk'],
    ])
  })

  test('a stop that gets there first leaves a scaleout nothing to sell', () => {
    const { trades } = play([flat(10), flat(10), flat(10), [10, 10, 7, 8], flat(8), flat(8)], {
      0: (trader) => trader.order({ side: 'buy', quantity: 10, levels: { stop: 8 } }),
      1: (trader) => trader.scaleout(5),
    })
    expect(trades.map(({ quantity, reason }) => [quantity, reason])).toEqual([
      [2, 'chunk'],
      [2, 'chunk'],
      [6, 'stop'],
    ])
  })

  test('takes commission, half a spread, slippage and interest on borrowed shares', () => {
    const costs = { ...free, commission: 0.01, halfSpread: 0.005, slippage: 0.005 }
    const { trades, fees, equity } = play(
      [flat(10), flat(10), flat(10)],
      { 0: (trader) => trader.order({ side: 'buy', quantity: 50 }) },
      { costs },
    )
    expect(trades[0]!.entryPrice).toBeCloseTo(10.1, 12)
    expect(trades[0]!.exitPrice).toBeCloseTo(9.9, 12)
    expect(fees).toBeCloseTo(0.01 * 50 * 20, 12)
    expect(last(equity)).toBeCloseTo(1000 - 10 - 10, 12)
    // From a Tuesday to the Monday after it: six days of the calendar.
    const short = play(
      Array.from({ length: 6 }, () => flat(10)),
      { 0: (trader) => trader.order({ side: 'sell', quantity: 100 }) },
      { costs: { ...free, borrow: 0.365 } },
    )
    expect(short.borrowed).toBeCloseTo(6, 10)
    expect(last(short.equity)).toBeCloseTo(994, 10)
  })

  test('never buys more than its cash pays for, and says what it refused', () => {
    const { trades, refused } = play([flat(10), flat(10), flat(10), flat(10)], {
      0: (trader) => trader.order({ side: 'buy', quantity: 1e9 }),
      1: (trader) => trader.order({ side: 'buy', quantity: 1 }),
    })
    expect(trades).toMatchObject([{ quantity: 100 }])
    expect(refused).toMatchObject([{ code: 'NOT_ENOUGH_CASH' }])
  })

  test('asks the desk’s gate before an order that opens, and never before an exit', () => {
    const limits = { orders: 60, working: 50, scheduled: 50, dollars: new Big(300) }
    const cut = play(
      [flat(10), flat(10), flat(10)],
      { 0: (trader) => trader.order({ side: 'buy' }) },
      { gate: deskGate(limits) },
    )
    expect(cut.trades).toMatchObject([{ quantity: 30, reason: 'end' }])
    const none = play(
      [flat(10), flat(10), flat(10)],
      { 0: (trader) => trader.order({ side: 'buy' }) },
      { gate: deskGate({ ...limits, dollars: new Big(5) }) },
    )
    expect(none.trades).toEqual([])
    expect(none.refused).toMatchObject([{ code: 'ORDER_TOO_LARGE' }])
    // The desk wants 150% of the value of a short position.
    const short = play(
      [flat(10), flat(10), flat(10)],
      { 0: (trader) => trader.order({ side: 'sell' }) },
      { gate: deskGate({ ...limits, dollars: undefined }) },
    )
    expect(short.trades).toMatchObject([{ quantity: 66 }])
  })

  test('keeps its worth over a split, pays the fraction out, and moves what waits', () => {
    const rows: Ohlc[] = [flat(10), flat(10), flat(4), [4, 4, 3, 3], flat(3)]
    const bars = barsFrom(rows)
    const split = { day: bars.days[2]!, to: 5, from: 2 }
    const strategy = scripted({ 0: (trader) => trader.order({ side: 'buy', quantity: 33, levels: { stop: 9 } }) })
    const { equity, trades } = simulate({
      strategy,
      parameters: {},
      symbols: [{ symbol: 'AAA', bars, splits: [split] }],
      cash: 1000,
    })
    // 33 at $10 become 82.5 at $4: 82, and two dollars.
    expect([...equity.slice(0, 3)]).toEqual([1000, 1000, 1000])
    expect(trades[0]).toMatchObject({ quantity: 82, entryPrice: 4, reason: 'stop' })
    expect(trades[0]!.exitPrice).toBeCloseTo(3.6, 12)
    const dividends = [{ day: bars.days[2]!, amount: 0.5 }]
    const paid = simulate({
      strategy,
      parameters: {},
      symbols: [{ symbol: 'AAA', bars: barsFrom([flat(10), flat(10), flat(10), flat(10)]), dividends }],
      cash: 1000,
    })
    expect(last(paid.equity)).toBe(1016.5)
  })

  test('ends when nothing is left, and says when', () => {
    const outcome = play([flat(10), flat(10), flat(10), flat(25), flat(1)], {
      0: (trader) => trader.order({ side: 'sell' }),
    })
    expect(outcome.ruinedOn).toBe(outcome.days[3])
    expect([...outcome.equity.slice(3)]).toEqual([-500, -500])
    expect(outcome.trades).toMatchObject([{ reason: 'ruin', exitAt: 3 }])
  })

  test('shares its cash over several symbols, and plays each on its own days', () => {
    const one = barsFrom([flat(10), flat(10), flat(12), flat(12)])
    const all = barsFrom([flat(5), flat(5), flat(5), flat(6)])
    const late = { ...all, days: one.days.map((_, at) => `2016-02-0${at + 1}`) }
    const strategy = scripted({ 0: (trader) => trader.order({ side: 'buy' }) })
    const symbols = [
      { symbol: 'AAA', bars: one },
      { symbol: 'BBB', bars: late },
    ]
    const { trades, barEvents, days } = simulate({ strategy, parameters: {}, symbols, cash: 1000 })
    expect(days).toHaveLength(8)
    expect(barEvents).toBe(8)
    // Half of $1,000, then half of $1,100.
    expect(trades).toMatchObject([
      { symbol: 'AAA', quantity: 50, profit: 100 },
      { symbol: 'BBB', quantity: 110, profit: 110 },
    ])
  })

  const boughtOf = (first: Ohlc[], wishes: object[]) => {
    const strategy = scripted(wishes.map((wish) => (trader) => trader.order({ side: 'buy', ...wish })))
    const symbols = [
      { symbol: 'AAA', bars: barsFrom(first) },
      { symbol: 'BBB', bars: barsFrom([flat(10), flat(10), flat(10), flat(10)]) },
    ]
    const { trades } = simulate({ strategy, parameters: {}, symbols, cash: 1100 })
    return trades.filter(({ symbol }) => symbol === 'BBB').map(({ entryAt, quantity }) => [entryAt, quantity])
  }

  test('sizes an order by closes that are known at the open, of all symbols', () => {
    // The first symbol rises tenfold within the bar at whose open the second one buys again.
    expect(boughtOf([flat(10), flat(10), [10, 100, 10, 100], flat(100)], [{ share: 0.25 }, { share: 0.25 }])).toEqual([
      [1, 27],
      [2, 27],
    ])
  })

  test('never pays an order with the money of a stop on the same bar', () => {
    const wishes = [{ levels: { stop: 8 } }, { quantity: 60 }]
    expect(boughtOf([flat(10), flat(10), [10, 10, 7, 7], flat(7)], wishes)).toEqual([[1, 55]])
  })
})
