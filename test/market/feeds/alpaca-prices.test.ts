import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { parseLossless } from '../../../src/base/lossless-json.ts'
import { createInterest } from '../../../src/market/feeds/alpaca/interest.ts'
import {
  type Prices,
  quoteOf,
  withCorrection,
  withQuote,
  withStatus,
  withTrade,
} from '../../../src/market/feeds/alpaca/prices.ts'
import { createBudget } from '../../../src/market/feeds/budget.ts'
import fc from '../../support/fast-check.ts'

const at = (second: number) => new Date(Date.parse('2026-11-20T15:00:00Z') + second * 1000)
const trade = (price: string, second: number, ...c: string[]) => ({ p: new Big(price), t: at(second), c })
const quote = (bid: string, ask: string, second: number) => ({ bp: new Big(bid), ap: new Big(ask), t: at(second) })
const last = (prices: Prices) => prices.last?.toFixed()

describe('the last price', () => {
  test.each([
    ['a plain trade', [], '11'],
    ['an odd lot', ['@', 'I'], '11'],
    ['early and late trading', ['@', 'T'], '11'],
    ['a trade out of sequence', ['@', 'Z'], '10'],
    ['an average price', ['W'], '10'],
    ['a price of before', ['P'], '10'],
    ['the official close of an exchange', ['M'], '10'],
    ['a derived price', ['4'], '10'],
  ])('after %s with %j is %s', (_, flags, is) => {
    expect(last(withTrade(withTrade({}, trade('10', 0)), trade('11', 1, ...flags)))).toBe(is)
  })

  test('is no older trade that comes late, and no price of zero', () => {
    const now = withTrade({}, trade('10', 5))
    expect(withTrade(now, trade('9', 4))).toBe(now)
    expect(withTrade(now, trade('0', 6))).toBe(now)
  })

  test('follows a correction, and goes with a cancellation', () => {
    const now = withTrade({}, trade('10', 5))
    expect(last(withCorrection(now, new Big('10'), new Big('9.5')))).toBe('9.5')
    expect(last(withCorrection(now, new Big('10'), undefined))).toBeUndefined()
    expect(withCorrection(now, new Big('8'), undefined)).toBe(now)
  })

  test('is the newest, in whichever order and how often frames come', () => {
    const frames = fc.array(fc.record({ price: fc.integer({ min: 1, max: 99 }), second: fc.nat({ max: 1000 }) }), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(frames, fc.infiniteStream(fc.nat()), (seen, draws) => {
        const once = [...new Map(seen.map((one) => [one.second, one])).values()]
        const shuffled = [...once, ...once]
          .map((one) => ({ one, key: draws.next().value! }))
          .sort((a, b) => a.key - b.key)
        const end = shuffled.reduce(
          (prices, { one }) => withTrade(prices, trade(String(one.price), one.second)),
          {} as Prices,
        )
        const newest = once.reduce((best, one) => (one.second > best.second ? one : best))
        expect(last(end)).toBe(String(newest.price))
      }),
    )
  })
})

describe('a halt', () => {
  const halted = withStatus(withTrade({}, trade('10', 0)), { sc: 'H', sm: 'Trading Halt', rm: 'news', t: at(10) })
  const shown = (prices: Prices) => quoteOf('X', prices, { feed: 'sip', confirmedAt: at(100), isOpen: true })

  test('is told in the words of the exchange, also by another source’s tape', () => {
    expect(shown(halted)).toMatchObject({ stale: 'trading is halted: Trading Halt, news', isHalted: true })
    expect(shown(withStatus(halted, { sc: 'Q', sm: 'Quotes resume', rm: '', t: at(11) }))!.isHalted).toBe(true)
  })

  test.each([
    ['its end is told', (prices: Prices) => withStatus(prices, { sc: 'T', sm: '', rm: '', t: at(60) })],
    ['it is traded again, though its end was missed', (prices: Prices) => withTrade(prices, trade('9', 60))],
  ])('ends when %s', (_, then) => {
    expect(shown(then(halted))!.stale).toBeUndefined()
  })

  test('lasts while only trades of before it are reported', () => {
    expect(shown(withTrade(halted, trade('9', 12)))!.isHalted).toBe(true)
  })
})

test('a quote without a trade has its price in the middle; without a bid and ask there is none', () => {
  const open = { feed: 'sip', confirmedAt: at(9), isOpen: true } as const
  expect(quoteOf('X', withQuote({}, quote('10', '10.03', 0)), open)!.last.toFixed()).toBe('10.015')
  expect(quoteOf('X', withQuote({}, quote('0', '10.03', 0)), open)).toBeUndefined()
})

test('no digit of a number is lost', () => {
  expect(parseLossless('{"p":0.123456789012345678,"q":[1e-7,-5],"s":"x","n":null}')).toEqual({
    p: '0.123456789012345678',
    q: ['1e-7', '-5'],
    s: 'x',
    n: null,
  })
})

describe('the symbols of interest', () => {
  test('are streamed up to the limit: watched ones, then those asked for; two minutes after the last question they go', () => {
    let now = 0
    const interest = createInterest(() => now)
    interest.asked('A')
    now = 1000
    interest.asked('B')
    expect([...interest.plan(1).streamed]).toEqual(['B'])
    interest.asked('A')
    expect(interest.plan(1)).toEqual({ streamed: new Set(['B']), polled: new Set(['A']) }) // no changing of places
    interest.watch(['W'])
    expect(interest.plan(1)).toEqual({ streamed: new Set(['W']), polled: new Set(['A', 'B']) })
    now += 120_001
    expect(interest.plan(1)).toEqual({ streamed: new Set(['W']), polled: new Set() })
  })
})

describe('the budget', () => {
  test('comes back evenly, keeps a half for what is urgent, and takes the provider’s own count', () => {
    let now = 0
    const budget = createBudget(10, 1000, () => now)
    expect(Array.from({ length: 12 }, () => budget.take('spare')).filter(Boolean)).toHaveLength(5)
    expect(Array.from({ length: 12 }, () => budget.take()).filter(Boolean)).toHaveLength(5)
    expect(budget.waitMs()).toBe(100)
    now = 100
    expect([budget.take(), budget.take()]).toEqual([true, false])
    now = 1100
    budget.correct(2)
    expect(budget.state()).toEqual({ left: 2, of: 10, perMs: 1000 })
    budget.pause(5000)
    expect(budget.take()).toBe(false)
    expect(budget.waitMs()).toBe(5000)
  })
})
