import { afterEach, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import type { Depth } from '../../../src/market/depth.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'

// It is 10:00 on a Friday in New York.
const clock = handClock('2026-11-20T15:00:00Z')
const { test, market } = deskTest({ worker: false, clock })

afterEach(() => {
  delete market.depth
})

const levels = (...all: [price: string, size: number][]) =>
  all.map(([price, size]) => ({ price: new Big(price), size: new Big(size) }))
const show = (more: Partial<Depth>) => {
  market.depth = async (symbol) => ({ symbol, bids: [], asks: [], at: clock.now(), source: 'tradestation', ...more })
}

test('book shows both sides beside each other, and what stands on each', async ({ alice }) => {
  show({
    bids: levels(['0.62', 2400], ['0.61', 9900]),
    asks: levels(['0.63', 100], ['0.6401', 5000], ['0.65', 1]),
  })
  expect(await alice.say('book BYND')).toBe(
    [
      '📚 BOOK — BYND · bids | asks, best first',
      '2,400 @ $0.62 | $0.63 × 100',
      '9,900 @ $0.61 | $0.6401 × 5,000',
      '| $0.65 × 1',
      'Bids: 12,300 at 2 prices | Asks: 5,101 at 3 prices',
      'Source: tradestation',
    ].join('\n'),
  )
  expect(await alice.say('market depth')).toContain('📚 BOOK — BYND')
})

test('book asks for five levels, and has a picture of them', async ({ alice }) => {
  const asked: number[] = []
  market.depth = async (symbol, count) => {
    asked.push(count)
    return { symbol, bids: levels(['1', 5]), asks: [], at: clock.now(), source: 'tradestation' }
  }
  const [reply] = await alice.hear('order book of BYND')
  expect(asked).toEqual([5])
  expect(reply).toMatchObject({
    text: expect.stringContaining('Bids: 5 at 1 price | Asks: none'),
    columns: { rows: [expect.arrayContaining([{ value: '5' }])] },
    pictures: [
      { name: 'bynd-book.png', alt: 'The book of BYND: bids 5 at 1 price, asks none; best bid $1.00, best ask none.' },
    ],
  })
})

test('book of a closed exchange says that nothing of it trades now', async ({ alice }) => {
  show({ bids: levels(['1', 5]), at: new Date('2026-11-21T15:00:00Z') })
  expect(await alice.say('book BYND')).toContain('⚠️ The exchange is closed')
})

test('book says where there is none, and which command shows something', async ({ alice }) => {
  const instead = '💡 `quote BYND` shows the best bid and ask'
  expect(await alice.say('book BYND')).toBe(
    `⚠️ The market (hand) shows no book: only TradeStation’s prices have one.\n${instead}`,
  )
  market.depth = async () => {
    throw new Error('no answer')
  }
  expect(await alice.say('book BYND')).toBe(`⚠️ The market (hand) did not show its book of BYND now.\n${instead}`)
  show({})
  expect(await alice.say('book BYND')).toBe(`⚠️ The market (hand) has nothing in the book of BYND.\n${instead}`)
})
