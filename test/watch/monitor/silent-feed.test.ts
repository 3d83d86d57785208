import { describe, expect } from 'vitest'
import { freshDeskTest } from '../../support/desk-test.ts'

/** A silent feed of a position with a stop is told once, and so is its return. The clock starts on a Thursday, 10:00 New York. */

const morning = new Date('2026-11-19T15:00:00Z')
let now = morning
const clock = { now: () => new Date(now), scale: 1 }
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}

const environment = { QUOTE_MAX_AGE_SECONDS: '15' }
const { test, desk } = freshDeskTest({ clock, monitorEveryMs: 100, environment }, () => {
  now = morning
})
test.beforeEach(() => desk.market.set('BYND', '1.00', '1.01'))

const db = () => desk.desk.parts.db
const told = () => desk.posted.map(({ text }) => text).filter((text) => text.startsWith('📡'))
const events = () =>
  db().selectFrom('desk_events').select(['type', 'urgency']).where('type', 'like', 'watching.%').orderBy('id').execute()

describe('a position with a stop and a target', () => {
  test.beforeEach(async () => {
    await desk.say('long BYND 100 @ 1.00')
    await desk.say('stop .90')
    await desk.say('target 1.50')
    await expect
      .poll(async () => (await db().selectFrom('position_watch').select('marked_at').executeTakeFirst())?.marked_at)
      .toEqual(now)
  })

  test('is told of as not watched, HIGH, once, also after a restart, and its return is told', async () => {
    desk.market.stale('BYND', 'the source is gone')
    later(20)
    await expect.poll(told).toHaveLength(1)
    expect(told()[0]).toMatch(
      /^📡 NOT WATCHED — BYND\nLONG 100 @ \$1\.00 · now \$1\.00 · your stop \$0\.90 and target \$1\.50 are not watched: no fresh price has come since 2026-11-19 10:00:00 EST\. The desk closes nothing at these levels until prices are back\. 💡 /,
    )
    await desk.restart()
    // The position ages past 72 hours, on a Monday, and that event proves that sweeps ran again.
    later(4 * 24 * 3600)
    await expect
      .poll(() => db().selectFrom('desk_events').select('type').where('type', '=', 'position.time_decay').execute())
      .toHaveLength(1)
    expect(await events()).toEqual([{ type: 'watching.feed_silent', urgency: 'HIGH' }])
    desk.market.stale('BYND')
    desk.market.set('BYND', '1.00', '1.01')
    await expect.poll(told).toHaveLength(2)
    expect(told()[1]).toMatch(
      /^📡 WATCHED AGAIN — BYND\n.*prices come again: your stop \$0\.90 and target \$1\.50 are watched\./,
    )
    expect(await events()).toHaveLength(2)
    // The next silence is another one.
    desk.market.stale('BYND', 'the source is gone')
    later(20)
    await expect.poll(async () => (await events()).length).toBe(3)
  })

  test('is not told of within the age that a quote may have, nor while the market is closed', async () => {
    desk.market.stale('BYND', 'the source is gone')
    later(14)
    await desk.say('long AAPL 1')
    // AAPL is marked by a sweep that has looked at BYND as well.
    const markedAt = async () =>
      (
        await db()
          .selectFrom('position_watch as w')
          .innerJoin('positions as p', 'p.id', 'w.position_id')
          .where('p.symbol', '=', 'AAPL')
          .select('w.marked_at')
          .executeTakeFirst()
      )?.marked_at
    await expect.poll(markedAt).toEqual(now)
    now = new Date('2026-11-20T03:00:00Z')
    await expect.poll(markedAt).toEqual(now)
    // The next morning counts from the open.
    now = new Date('2026-11-20T14:30:10Z')
    await expect.poll(markedAt).toEqual(now)
    expect(await events()).toEqual([])
    later(10)
    await expect.poll(told).toHaveLength(1)
    expect(told()[0]).toContain('no fresh price has come since 2026-11-20 09:30:00 EST')
  })
})
