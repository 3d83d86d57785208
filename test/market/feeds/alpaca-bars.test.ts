import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { alpacaBars } from '../../../src/market/feeds/alpaca/bars.ts'
import type { DataClient } from '../../../src/market/feeds/alpaca/client.ts'
import { NoData } from '../../../src/market/feeds/shared/no-data.ts'
import { marketBars } from '../../../src/strategies/engine/bars/market-bars.ts'
import { handMarket } from '../../support/desk.ts'

/** Alpaca's bars of many symbols, asked of a client that answers by hand: two bars a symbol, and pages of three. */
function asking({ refused = [] as string[], isAway = false } = {}) {
  const asked: string[][] = []
  const bar = (day: string, c: number) => ({
    t: new Date(`${day}T05:00:00Z`),
    o: `${c}`,
    h: `${c}`,
    l: `${c}`,
    c: `${c}`,
    v: '100',
  })
  const client = {
    async get(_: string, query: Record<string, string>, schema: { parse(given: unknown): unknown }) {
      const symbols = query.symbols!.split(',')
      asked.push(symbols)
      if (isAway) throw new NoData('Alpaca: not answered')
      if (symbols.some((symbol) => refused.includes(symbol))) throw new NoData('Alpaca: invalid symbol', 400)
      const all = symbols.flatMap((symbol, index) =>
        ['2026-11-18', '2026-11-19'].map((day) => [symbol, bar(day, index + 1)] as const),
      )
      const from = Number(query.page_token ?? 0)
      const bars: Record<string, unknown[]> = {}
      for (const [symbol, one] of all.slice(from, from + 3)) {
        bars[symbol] = [...(bars[symbol] ?? []), { ...one, t: one.t.toISOString() }]
      }
      return schema.parse({ bars, next_page_token: from + 3 < all.length ? String(from + 3) : null })
    },
  } as unknown as DataClient
  const source = alpacaBars({
    client,
    dataApi: 'http://data',
    feed: 'iex',
    now: () => new Date('2026-11-20T15:00:00Z'),
  })
  const [from, to] = [new Date('2026-11-18T05:00:00Z'), new Date('2026-11-20T05:00:00Z')]
  return { asked, fetch: (symbol: string) => source.fetch(symbol, 1440, from, to) }
}

const many = Array.from({ length: 60 }, (_, index) => `S${index}`)

test('bars of many symbols that are asked for at once share a request of fifty, with all of its pages', async () => {
  const { asked, fetch } = asking()
  const found = await Promise.all(many.map(fetch))
  expect(found.map((bars) => bars.length)).toEqual(many.map(() => 2))
  expect(found[3]!.map(({ close }) => close)).toEqual([new Big(4), new Big(4)])
  expect(new Set(asked.map((symbols) => symbols.length))).toEqual(new Set([50, 10]))
  expect(asked).toHaveLength(Math.ceil(100 / 3) + Math.ceil(20 / 3))
})

test('a symbol that Alpaca refuses has no bars, and the others have theirs; without an answer nobody is asked for alone', async () => {
  const { fetch } = asking({ refused: ['S7'] })
  const found = await Promise.allSettled(many.slice(0, 10).map(fetch))
  expect(found.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([7])
  const away = asking({ isAway: true })
  const none = await Promise.allSettled(many.slice(0, 10).map(away.fetch))
  expect(none.every(({ status }) => status === 'rejected')).toBe(true)
  expect(away.asked).toHaveLength(1)
})

test('a screen asks for the bars of several symbols at a time where the market takes that', async () => {
  const market = handMarket()
  const day = (at: string) => ({
    at: new Date(at),
    open: new Big(1),
    high: new Big(1),
    low: new Big(1),
    close: new Big(1),
    volume: new Big(1),
  })
  for (const symbol of many) {
    market.list(symbol, '1')
    market.give(symbol, 1440, [day('2026-11-18T05:00:00Z'), day('2026-11-19T05:00:00Z')])
  }
  const source = marketBars(Object.assign(market, { barsAtOnce: 50 }))
  expect(source.atOnce).toBe(50)
  const days = await Promise.all(many.map((symbol) => source.daily(symbol, 2, '2026-11-19')))
  expect(days.every((columns) => columns!.days.at(-1) === '2026-11-19')).toBe(true)
})
