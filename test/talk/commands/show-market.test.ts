import { expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { friday } from './planned.ts'

const clock = handClock(friday)
const { test, market } = deskTest({ worker: false, clock })
test.beforeEach(() => clock.set(new Date(friday)))
test.afterEach(() => {
  for (const instrument of market.instruments()) instrument.isAroundTheClock = false
  market.replays = undefined
})

test.for([
  ['2026-11-20T15:00:00Z', 'Open until 4:00 PM EST (6 h left)'],
  ['2026-11-20T22:00:00Z', 'Closed; it opens Mon Nov 23, 9:30 AM EST (in 64 h 30 min)'],
  ['2026-11-26T15:00:00Z', 'Closed (Thanksgiving); it opens Fri Nov 27, 9:30 AM EST (in 23 h 30 min)'],
  ['2026-11-21T15:00:00Z', 'Closed (a Saturday); it opens Mon Nov 23, 9:30 AM EST (in 47 h 30 min)'],
] as const)('at %s the market says: %s', async ([moment, sentence], { alice }) => {
  clock.set(new Date(moment))
  expect(await alice.say('market')).toBe(`🏛️ MARKET hand - 3 symbols\n${sentence}\nSymbols: AAPL, BTC-USD, BYND`)
})

test('a market that never closes says so, and where its exchange is', async ({ alice }) => {
  for (const instrument of market.instruments()) instrument.isAroundTheClock = true
  expect(await alice.say('is the market open?')).toBe(
    '🏛️ MARKET hand - 3 symbols\nOpen around the clock. The exchange that it stands for is open until 4:00 PM EST (6 h left)\nSymbols: AAPL, BTC-USD, BYND',
  )
})

test.for(['symbols', 'what can I trade?', 'what symbols are there'])(
  '%j lists the symbols',
  async (text, { alice }) => {
    expect(await alice.say(text)).toContain('\nSymbols: AAPL, BTC-USD, BYND')
  },
)

test('a replay says where it is, and when it ends', async ({ alice }) => {
  const place = {
    ...{ name: 'replay:daily', minutes: 1440, bar: 3, bars: 20 },
    ...{ at: new Date('2016-01-06'), from: new Date('2016-01-04'), to: new Date('2016-02-01') },
  }
  market.replays = () => [{ ...place, endsAt: new Date('2026-11-20T20:00:00Z') }]
  expect(await alice.say('market')).toContain(
    'replay:daily plays Wed Jan 6 2016 (bar 3 of 20, Mon Jan 4 2016 to Mon Feb 1 2016). Open at every hour until it ends 3:00 PM EST (in 5 h)',
  )
  market.replays = () => [{ ...place, endsAt: new Date('2032-01-02T21:00:00Z') }]
  expect(await alice.say('market')).toContain('until it ends Fri Jan 2 2032, 4:00 PM EST (in 1,869 days)')
  market.replays = () => [{ ...place, endsAt: new Date('2026-11-20T20:00:00Z') }]
  clock.set(new Date('2026-11-20T20:00:00Z'))
  expect(await alice.say('market')).toContain('replay:daily has ended')
})
