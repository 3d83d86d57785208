import { expect, test } from 'vitest'
import type { Instrument, Market, Quote } from '../../../src/market/market.ts'
import { marksOf } from '../../../src/market/marks.ts'
import type { Watched } from '../../../src/trading/protection/rows/watched.ts'
import { feedOf } from '../../../src/watch/monitor/feed-of.ts'
import { handMarket } from '../../support/desk.ts'

const at = (time: string) => new Date(`2026-11-19T${time}Z`)
const morning = at('15:00:00')
const night = at('05:00:00')

/** A market with one instrument of these properties. */
function marketOf(traits: Partial<Instrument>): Market {
  const market = handMarket()
  return { ...market, instrument: (symbol) => ({ ...market.instrument('BYND')!, symbol, ...traits }) }
}

const position = (symbol: string, markedAt?: Date) => ({ symbol, markedAt, openedAt: at('04:00:00') }) as Watched
const staleOf = (quotedAt: Date) => ({ at: quotedAt, stale: 'it is old' }) as Quote
const feed = (market: Market, symbol: string, now: Date, quote?: Quote, markedAt?: Date) =>
  feedOf({ market, quoteMaxAgeMs: 15_000 }, position(symbol, markedAt), quote, now)

test.each([
  ['a stock in regular hours', {}, 'BYND', morning, true],
  ['a stock at night', {}, 'BYND', night, false],
  ['a stock on a Sunday', {}, 'BYND', new Date('2026-11-22T15:00:00Z'), false],
  ['a coin at night', {}, 'BTC-USD', night, true],
  ['what a market trades around the clock', { isAroundTheClock: true }, 'BYND', night, true],
  ['a recording at night', { isReplayed: true }, 'BYND', night, true],
] as const)('prices are to come for %s: %#', (_, traits, symbol, now, isOpen) => {
  expect(feed(marketOf(traits), symbol, now)).toMatchObject({ isFresh: false, isOpen })
})

test('the silence counts from the last known time: the mark, an old quote, or the open of the session', () => {
  const market = marketOf({})
  const since = (quote?: Quote, markedAt?: Date) => new Date(feed(market, 'BYND', morning, quote, markedAt).since)
  expect(since()).toEqual(at('14:30:00'))
  expect(since(undefined, at('14:40:00'))).toEqual(at('14:40:00'))
  expect(since(staleOf(at('14:50:00')), at('14:40:00'))).toEqual(at('14:50:00'))
  // A quote that is refused for another reason than its age does not tell the begin of the silence.
  expect(since(staleOf(at('14:59:59')), at('14:40:00'))).toEqual(at('14:40:00'))
})

test('a price that this process saw counts, but is no part of the key of the event', async () => {
  const market = handMarket(() => at('14:59:00'))
  market.set('BYND', '1.00', '1.01')
  await marksOf(market).quote('BYND')
  const seen = feed(market, 'BYND', morning, undefined, at('14:40:00'))
  expect([new Date(seen.since), new Date(seen.storedSince)]).toEqual([at('14:59:00'), at('14:40:00')])
})
