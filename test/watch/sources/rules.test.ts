import { describe, expect, test } from 'vitest'
import type { ProviderStatus } from '../../../src/base/provider-status.ts'
import { mergeSources, sourceKey } from '../../../src/watch/sources/rules/merge.ts'
import { dependenceOf, heldMs, type Observed, observe, type Verdict } from '../../../src/watch/sources/rules/outage.ts'
import { accountOf, visibleTo } from '../../../src/watch/sources/sources.ts'
import fc from '../../support/fast-check.ts'

type Look = Pick<ProviderStatus, 'isConnected' | 'isAuthenticated' | 'faults'>

/** The verdicts of looks, five seconds apart. */
function verdictsOf(looks: Look[]): Verdict[] {
  let observed: Observed | undefined
  return looks.map((look, index) => {
    const seen = observe(observed, look, index * 5000)
    observed = seen.observed
    return seen.verdict
  })
}

const up: Look = { isConnected: true, faults: 0 }
const minuteOf = (look: (index: number) => Look, looks = heldMs / 5000 + 1) =>
  Array.from({ length: looks }, (_, index) => look(index))

describe('a source', () => {
  test('is lost when it was away for a minute without a break, and there when it was there for one', () => {
    const down = (index: number): Look => ({ isConnected: false, faults: index + 1 })
    const verdicts = verdictsOf([...minuteOf(() => up), ...minuteOf(down), ...minuteOf(() => ({ ...up, faults: 13 }))])
    expect(verdicts.filter((verdict, index) => verdict !== verdicts[index - 1])).toEqual([
      'there',
      undefined,
      'lost',
      undefined,
      'there',
    ])
  })

  test('is not lost by one fault after which nobody asked again, and is by a refused key', () => {
    expect(verdictsOf(minuteOf(() => ({ isConnected: false, faults: 1 }), 40))).not.toContain('lost')
    expect(verdictsOf(minuteOf(() => ({ isConnected: false, faults: 1, isAuthenticated: false })))).toContain('lost')
    expect(verdictsOf(minuteOf((index) => ({ isConnected: false, faults: index < 6 ? 1 : 2 })))).toContain('lost')
  })

  test('that was never asked is not lost', () => {
    expect(verdictsOf(minuteOf(() => ({ isConnected: false, faults: 0 }), 40))).not.toContain('lost')
  })

  test('that flaps is neither, however long', () => {
    const run = fc.integer({ min: 1, max: heldMs / 5000 })
    fc.assert(
      fc.property(fc.array(run, { maxLength: 40 }), (runs) => {
        let faults = 0
        const looks = runs.flatMap((length, index) =>
          Array.from({ length }, (): Look => ({ isConnected: index % 2 === 0, faults: index % 2 ? ++faults : faults })),
        )
        expect(verdictsOf(looks).every((verdict) => verdict === undefined)).toBe(true)
      }),
    )
  })
})

test.each([
  [
    'its price comes from another source behind it',
    { isOpen: true, freshFrom: 'yahoo' },
    'alpaca',
    { fallback: 'yahoo' },
  ],
  ['its price comes from a source before it', { isOpen: true, freshFrom: 'alpaca' }, 'yahoo', 'none'],
  ['nothing has a fresh price', { isOpen: true }, 'alpaca', 'alone'],
  ['its last price is still fresh, and from the lost source', { isOpen: true, freshFrom: 'alpaca' }, 'alpaca', 'alone'],
  ['the exchange is closed, and another source answers', { isOpen: false }, 'alpaca', { fallback: 'yahoo' }],
  ['the exchange is closed, and one before it answers', { isOpen: false }, 'yahoo', 'none'],
] as const)('a position when %s', (_, priced, lost, dependence) => {
  const connected = new Set(['alpaca', 'yahoo', 'alphavantage'].filter((source) => source !== lost))
  const order = ['alpaca', 'yahoo', 'alphavantage']
  expect(dependenceOf({ symbol: 'BYND', ...priced }, lost, { order, connected })).toEqual(dependence)
})

test('a source whose prices are never fresh takes no place', () => {
  const which = { order: ['yahoo', 'alphavantage'], connected: new Set(['alphavantage']) }
  expect(dependenceOf({ symbol: 'BYND', isOpen: false }, 'yahoo', which)).toBe('alone')
})

const status = (name: string, isConnected: boolean, heard = 0): ProviderStatus => ({
  name,
  isConnected,
  heardAt: new Date(heard),
  faults: 0,
})

test('workers are believed before others, and of workers the one that is connected and has heard last', () => {
  const merged = mergeSources([
    { role: 'web', sources: [status('yahoo', true, 9), status('only here', true)] },
    { role: 'worker', sources: [status('yahoo', false, 5)] },
    { role: 'worker', sources: [status('yahoo', true, 3)] },
    { role: 'all', sources: [status('yahoo', true, 4), status('alpaca account ••12 (polled)', true, 1)] },
    { role: 'here', sources: [status('alpaca account ••12', false, 9)] },
  ])
  expect(merged.map(({ name, seenBy, heardAt }) => `${name} ${seenBy} ${heardAt?.getTime()}`)).toEqual([
    'yahoo all 4',
    'only here web 0',
    'alpaca account ••12 (polled) all 1',
  ])
})

test("a broker's account is seen by its member and by owners, everything else by all", () => {
  const sources = mergeSources([
    {
      role: 'all',
      sources: ['yahoo', 'alpaca quotes', 'alpaca account ••1234', 'alpaca account ••9999 (polled)'].map((name) =>
        status(name, true),
      ),
    },
  ])
  const seenBy = (who: Parameters<typeof visibleTo>[1]) => visibleTo(sources, who).map(({ name }) => name)
  expect(
    seenBy({ isOwner: false, accounts: [{ venue: 'alpaca', maskedNumber: '••••1234' }, { venue: 'paper' }] }),
  ).toEqual(['yahoo', 'alpaca quotes', 'alpaca account ••1234'])
  expect(seenBy({ isOwner: false, accounts: [{ venue: 'tradestation', maskedNumber: '••••1234' }] })).toHaveLength(2)
  expect(seenBy({ isOwner: true, accounts: [] })).toHaveLength(4)
  expect(accountOf({ name: 'alpaca account ••9999 (polled)' })).toEqual({ venue: 'alpaca', ending: '9999' })
  expect(accountOf({ name: 'alpaca account ••TK4M' })).toEqual({ venue: 'alpaca', ending: 'TK4M' })
  expect(accountOf({ name: 'alpaca quotes' })).toBeUndefined()
  expect(sourceKey({ name: 'alpaca account ••9999 (polled)' })).toBe('alpaca account ••9999')
})

test('two accounts whose numbers end alike are two sources, each seen by its own member', () => {
  const of = (account: string) => ({ ...status('alpaca account ••TK4M', true), account })
  const sources = mergeSources([{ role: 'all', sources: [of('a-1'), of('a-2')] }])
  expect(sources).toHaveLength(2)
  const mine = { venue: 'alpaca', venueAccount: 'a-2', maskedNumber: '••••TK4M' }
  expect(visibleTo(sources, { isOwner: false, accounts: [mine] }).map(({ account }) => account)).toEqual(['a-2'])
})

test('a broker that answers questions is not lost while its stream is away', () => {
  const away = { isConnected: false, faults: 9 }
  const since = { isConnected: false, since: 0, faultsBefore: 0 }
  expect(observe(since, away, 70_000).verdict).toBe('lost')
  const answering = observe(since, { ...away, isAnswering: true }, 70_000)
  expect(answering).toEqual({ observed: { isConnected: true, since: 70_000, faultsBefore: 9 }, verdict: undefined })
  expect(observe(answering.observed, { ...away, isAnswering: true }, 130_000).verdict).toBe('there')
})
