import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { defaultThresholds as thresholds } from '../../../src/trading/accounts/rules/thresholds.ts'
import {
  alreadyPassed,
  quietAround,
  seePrice,
  seeTime,
  trailed,
  unseen,
  type WatchState,
} from '../../../src/trading/protection/rules/triggers.ts'
import type { WatchedPosition } from '../../../src/trading/protection/rules/watched-position.ts'
import fc from '../../support/fast-check.ts'

type Direction = 'long' | 'short'

/** The level that a price touches, by the rule itself. */
function touched({ signedQuantity, stop, target }: WatchedPosition, price: Big) {
  const isPast = (level: Big, under: boolean) => (under ? price.lte(level) : price.gte(level))
  const isLong = signedQuantity.gt(0)
  if (stop && isPast(stop.price, isLong)) return `protective-${stop.id}`
  return target && isPast(target.price, !isLong) ? `protective-${target.id}` : undefined
}

/** 100 at $100, long or short. */
function held(direction: Direction, levels: { stop?: string; target?: string; trail?: string } = {}): WatchedPosition {
  const { stop, target, trail } = levels
  return {
    id: 7,
    signedQuantity: new Big(direction === 'long' ? 100 : -100),
    openCost: new Big(10_000),
    openedAt: new Date('2026-11-19T10:00:00Z'),
    stop: stop
      ? {
          id: 1,
          price: new Big(stop),
          trail: trail ? { share: new Big(trail), bestPrice: new Big(100) } : undefined,
        }
      : undefined,
    target: target ? { id: 2, price: new Big(target) } : undefined,
  }
}

/** Types and keys of the events of a row of prices, in order. */
function told(position: WatchedPosition, prices: string[], state: WatchState = unseen) {
  const fired: string[] = []
  for (const price of prices) {
    const look = seePrice(position, new Big(price), state, thresholds)
    fired.push(...look.fired.map(({ type, key }) => `${type.replace(/^\w+\./, '')} ${key}`))
    state = look.state
  }
  return { fired, state }
}

const types = (position: WatchedPosition, price: string) =>
  told(position, [price]).fired.map((one) => one.split(' ')[0])

describe('levels', () => {
  test.each<[Direction, string, string, string[]]>([
    ['long', '98', '100.01', []],
    ['long', '98', '100', ['stop_approaching']],
    ['long', '98', '98.01', ['stop_approaching']],
    ['long', '98', '98', ['stop_loss_triggered']],
    ['long', '98', '90', ['stop_loss_triggered']],
    ['short', '102', '99.99', []],
    ['short', '102', '100', ['stop_approaching']],
    ['short', '102', '101.99', ['stop_approaching']],
    ['short', '102', '102', ['stop_loss_triggered']],
    ['short', '102', '110', ['stop_loss_triggered']],
  ])('a %s position with its stop at %s, at %s: %j', (direction, stop, price, expected) => {
    expect(types(held(direction, { stop }), price)).toEqual(expected)
  })

  test.each<[Direction, string, string, string[]]>([
    ['long', '105', '99.9', []],
    ['long', '105', '100', ['target_approaching']],
    ['long', '105', '104.99', ['target_approaching']],
    ['long', '105', '105', ['take_profit_hit']],
    ['long', '105', '120', ['take_profit_hit']],
    ['short', '95', '100.01', []],
    ['short', '95', '100', ['target_approaching']],
    ['short', '95', '95.01', ['target_approaching']],
    ['short', '95', '95', ['take_profit_hit']],
    ['short', '95', '80', ['take_profit_hit']],
  ])('a %s position with its target at %s, at %s: %j', (direction, target, price, expected) => {
    const without = types(held(direction), price)
    expect(types(held(direction, { target }), price).filter((type) => !without.includes(type))).toEqual(expected)
  })

  test('the line is exact where floats are not', () => {
    // 0.7 - 0.686 is 0.014 in decimals, and 0.01399… or 0.01400…1 in floats.
    expect(types({ ...held('long', { stop: '0.686' }), openCost: new Big(70) }, '0.7')).toEqual(['stop_approaching'])
    expect(types({ ...held('long', { stop: '0.686' }), openCost: new Big(70) }, '0.70000001')).toEqual([])
  })

  test('a price that dances on the line is told once, until it was away by half as much again', () => {
    const position = held('long', { stop: '98' })
    const dancing = ['100', '100.2', '99.9', '100.5', '100', '101.03', '100']
    expect(told(position, dancing).fired).toEqual(['stop_approaching near-1-1'])
    expect(told(position, [...dancing, '101.04', '100.5', '100', '99']).fired).toEqual([
      'stop_approaching near-1-1',
      'stop_approaching near-1-2',
    ])
  })

  test('another stop has a line of its own', () => {
    const before = told(held('long', { stop: '98' }), ['100'])
    const moved = { ...held('long'), stop: { id: 9, price: new Big('98.5') } }
    expect(told(moved, ['100'], before.state).fired).toEqual(['stop_approaching near-9-1'])
    expect(told(held('long'), ['100'], before.state).state.stop).toBeUndefined()
  })

  test('for a stop that trails closer than the threshold, half of its share is near', () => {
    const position = held('long', { stop: '99', trail: '0.01' })
    expect(types(position, '100')).toEqual([])
    expect(types(position, '99.6')).toEqual([])
    expect(types(position, '99.49')).toEqual(['stop_approaching'])
  })
})

describe('trailing', () => {
  test.each<[Direction, string, string, string | undefined]>([
    ['long', '96', '101', '96.96'],
    ['long', '96', '100', undefined],
    ['long', '96', '99', undefined],
    ['short', '104', '99', '102.96'],
    ['short', '104', '100', undefined],
    ['short', '104', '101', undefined],
  ])('a %s position that trails by 4%% from $100 with its stop at %s, at %s: %s', (direction, stop, price, moved) => {
    expect(trailed(held(direction, { stop, trail: '0.04' }), new Big(price))?.price.toFixed()).toBe(moved)
  })

  test.each<[Direction, string, string, string | undefined]>([
    ['long', '99.95', '100.07', '100.02'],
    ['long', '99.95', '99.99', undefined],
    ['short', '100.05', '99.123456789', '99.173456789'],
    ['short', '100.05', '100.01', undefined],
  ])('a %s position that trails by $0.05 with its stop at %s, at %s: exactly %s', (direction, stop, price, moved) => {
    const position = held(direction, { stop, trail: '0.0005' })
    position.stop!.trail!.dollars = new Big('0.05')
    const after = trailed(position, new Big(price))
    expect(after?.price.toFixed()).toBe(moved)
    if (after) expect(after.trail).toMatchObject({ dollars: new Big('0.05'), bestPrice: new Big(price) })
  })

  test('a stop that was set tighter than its trail stays until the trail has come up to it', () => {
    const position = held('long', { stop: '99', trail: '0.04' })
    expect(trailed(position, new Big('102'))).toMatchObject({
      price: new Big('99'),
      trail: { bestPrice: new Big(102) },
    })
    expect(trailed(position, new Big('104'))?.price.toFixed()).toBe('99.84')
  })

  test('whatever prices do, a trailing stop never loosens', () => {
    const anyPrices = fc.array(fc.integer({ min: 5000, max: 20_000 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(anyPrices, fc.constantFrom<Direction>('long', 'short'), (cents, direction) => {
        let position = held(direction, { stop: direction === 'long' ? '96' : '104', trail: '0.04' })
        for (const price of cents.map((cent) => new Big(cent).div(100))) {
          const stop = trailed(position, price)
          if (!stop) continue
          const isLooser =
            direction === 'long' ? stop.price.lt(position.stop!.price) : stop.price.gt(position.stop!.price)
          expect(isLooser).toBe(false)
          position = { ...position, stop }
        }
      }),
    )
  })
})

describe('milestones', () => {
  test.each<[Direction, string, string | undefined]>([
    ['long', '104.99', undefined],
    ['long', '105', '0.05'],
    ['long', '109.99', '0.05'],
    ['long', '110', '0.1'],
    ['long', '119.99', '0.1'],
    ['long', '120', '0.2'],
    ['long', '150', '0.5'],
    ['long', '200', '1'],
    ['long', '500', '1'],
    ['short', '95.01', undefined],
    ['short', '95', '0.05'],
    ['short', '90', '0.1'],
    ['short', '80', '0.2'],
    ['short', '50', '0.5'],
    ['short', '0.01', '0.5'],
  ])('a %s position at $100, at %s, is past %s', (direction, price, milestone) => {
    expect(told(held(direction), [price]).state.milestone).toBe(milestone)
    expect(told(held(direction), [price]).fired).toHaveLength(milestone ? 1 : 0)
  })

  test('each is told once, and of several that a jump is past the highest alone', () => {
    expect(told(held('long'), ['105', '104', '106', '121', '111', '125', '100', '151']).fired).toEqual([
      'profit_milestone milestone-7-0.05',
      'profit_milestone milestone-7-0.2',
      'profit_milestone milestone-7-0.5',
    ])
  })

  test('milestones that a position brought along count as passed without being told', () => {
    const state = alreadyPassed(held('long'), new Big('112'), unseen, thresholds)
    expect(state).toEqual({ seq: 1, milestone: '0.1' })
    expect(told(held('long'), ['113', '120'], state).fired).toEqual(['profit_milestone milestone-7-0.2'])
  })
})

test.each([
  [71.9, 0, 0],
  [72, 0, 0],
  [72.1, 0, 1],
  [90, 1, 1],
  [96.1, 1, 2],
  [200, 1, 6],
])('a position open for %f hours, told %i times: told %i times after', (hours, before, after) => {
  const look = seeTime(held('long'), hours, { seq: 3, decays: before }, thresholds)
  expect(look.fired.map(({ key }) => key)).toEqual(after > before ? [`decay-7-${after}`] : [])
  expect(look.state).toEqual(after > before ? { seq: 4, decays: after } : { seq: 3, decays: before })
})

test('a state that nothing changed is the same object, so that nothing has to be written', () => {
  expect(seePrice(held('long', { stop: '90' }), new Big(100), unseen, thresholds).state).toBe(unseen)
})

test('between quiet prices nothing happens, whatever the position and its state', () => {
  const cents = (min: number, max: number) => fc.integer({ min, max }).map((cent) => new Big(cent).div(100).toFixed())
  const any = fc.record({
    direction: fc.constantFrom<Direction>('long', 'short'),
    stop: fc.option(cents(5000, 15_000), { nil: undefined }),
    target: fc.option(cents(5000, 15_000), { nil: undefined }),
    trail: fc.option(fc.constantFrom('0.01', '0.04', '0.2'), { nil: undefined }),
    seen: fc.array(cents(6000, 14_000), { maxLength: 5 }),
    price: cents(6000, 14_000),
    next: fc.array(cents(5000, 15_000), { minLength: 1, maxLength: 20 }),
  })
  fc.assert(
    fc.property(any, ({ direction, stop, target, trail, seen, price, next }) => {
      let position = held(direction, { stop, target, trail })
      let { state } = told(position, seen)
      const at = new Big(price)
      const stopped = trailed(position, at)
      if (stopped) position = { ...position, stop: stopped }
      state = seePrice(position, at, state, thresholds).state
      const { low, high } = quietAround(position, at, state, thresholds)
      for (const one of next.map((text) => new Big(text))) {
        if (one.toNumber() <= low || one.toNumber() >= high) continue
        expect(touched(position, one)).toEqual(touched(position, at))
        expect(trailed(position, one)).toBeUndefined()
        const look = seePrice(position, one, state, thresholds)
        expect(look.state).toBe(state)
        expect(look.fired.map(({ key }) => key)).toEqual([touched(position, at)].filter((key) => key !== undefined))
      }
    }),
    { numRuns: 2000 },
  )
})

test('a line is passed exactly where its formula says so, to the last of twelve places', () => {
  const ulp = new Big('0.000000000001')
  const price = fc.integer({ min: 1, max: 10 ** 9 }).map((hundredths) => new Big(hundredths).div(100))
  const share = fc.constantFrom('0.001', '0.02', '0.0333', '0.05', '0.3').map((text) => new Big(text))
  const any = fc.record({
    isLong: fc.boolean(),
    level: price,
    cost: price,
    units: fc.integer({ min: 1, max: 10_000 }),
    near: share,
    kind: fc.constantFrom('stop' as const, 'target' as const),
    steps: fc.integer({ min: -3, max: 3 }),
  })
  fc.assert(
    fc.property(any, ({ isLong, level, cost, units, near, kind, steps }) => {
      const quantity = new Big(isLong ? units : -units)
      const position = {
        id: 7,
        signedQuantity: quantity,
        openCost: cost,
        openedAt: new Date(0),
        [kind]: { id: 1, price: level },
      }
      const isUnder = isLong === (kind === 'stop')
      const rules = { ...thresholds, [kind]: near, milestones: [near] }
      const lines = [
        level,
        level.div(isUnder ? new Big(1).minus(near) : near.plus(1)),
        cost.times(isLong ? near.plus(1) : new Big(1).minus(near)).div(units),
      ]
      for (const line of lines) {
        const at = line.plus(ulp.times(steps))
        if (at.lte(0)) continue
        const gap = isUnder ? at.minus(level) : level.minus(at)
        const worth = at.times(units)
        const profit = isLong ? worth.minus(cost) : cost.minus(worth)
        const expected = gap.lte(0)
          ? ['protective-1']
          : [
              ...(gap.lte(near.times(at)) ? ['near-1-1'] : []),
              ...(profit.gte(near.times(cost)) ? [`milestone-7-${near.toFixed()}`] : []),
            ]
        expect(seePrice(position, at, unseen, rules).fired.map(({ key }) => key)).toEqual(expected)
      }
    }),
    { numRuns: 3000 },
  )
})
