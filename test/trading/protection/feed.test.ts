import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { type Feed, seeFeed } from '../../../src/trading/protection/rules/feed.ts'
import { unseen, type WatchState } from '../../../src/trading/protection/rules/triggers.ts'

describe('what a look at a feed says', () => {
  const level = { id: 1, price: new Big(1) }
  const guarded = { id: 7, stop: level }
  const silent: Feed = { isFresh: false, isOpen: true, since: 1000, storedSince: 900 }
  const fresh: Feed = { ...silent, isFresh: true }
  const known: WatchState = { seq: 3, unwatched: 1000 }
  const table: [string, Parameters<typeof seeFeed>[0], Feed, WatchState, string[], WatchState][] = [
    ['silence', guarded, silent, unseen, ['watching.feed_silent'], { seq: 1, unwatched: 1000 }],
    [
      'of a target alone',
      { id: 7, target: level },
      silent,
      unseen,
      ['watching.feed_silent'],
      { seq: 1, unwatched: 1000 },
    ],
    ['not of a position without a level', { id: 7 }, silent, unseen, [], unseen],
    ['not while closed', guarded, { ...silent, isOpen: false }, unseen, [], unseen],
    ['not before its time', guarded, { ...silent, since: 5000 }, unseen, [], unseen],
    ['not twice', guarded, { ...silent, since: 4000 }, known, [], known],
    ['its end', guarded, fresh, known, ['watching.feed_back'], { seq: 4 }],
    ['the end without a word where no level is left', { id: 7 }, fresh, known, [], { seq: 4 }],
    ['nothing while prices come', guarded, fresh, unseen, [], unseen],
  ]
  test.each(table)('%s', (_, position, feed, state, fired, after) => {
    const look = seeFeed(position, feed, 20_000, state, 15_000)
    expect(look.fired.map(({ type }) => type)).toEqual(fired)
    expect(look.state).toEqual(after)
  })
  test('has a key that a restart does not change', () => {
    const keys = [1000, 1200].map(
      (since) => seeFeed(guarded, { ...silent, since }, 20_000, unseen, 15_000).fired[0]!.key,
    )
    expect(new Set(keys)).toEqual(new Set(['unwatched-7-900']))
  })
})
