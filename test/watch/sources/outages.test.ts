import { expect } from 'vitest'
import { tellLost } from '../../../src/watch/sources/outages.ts'
import { deskTest } from '../../support/desk-test.ts'
import { sourcedMarket } from './a-source.ts'

/** A lost source is told to those whom it concerns, and so is its end. It is a Thursday, 10:00 in New York. */

const now = new Date('2026-11-19T15:00:00Z')
const market = sourcedMarket(now)
const environment = { DESKHAND_OWNERS: 'slack:T1:OLGA' }
const sources = { everyMs: 20, holdMs: 150 }
const { test, desk } = deskTest({ clock: { now: () => now, scale: 1 }, environment, sources, market })

const patience = { timeout: 40_000 }
const events = async () =>
  (
    await desk.desk.parts.db
      .selectFrom('desk_events')
      .select(['type', 'urgency', 'data'])
      .where('type', 'like', 'watching.source%')
      .orderBy('type', 'desc')
      .orderBy('urgency', 'desc')
      .execute()
  ).map(({ type, urgency, data }) => ({ type, urgency, ...(data as object) }))
const told = () => desk.posted.map(({ text }) => text).filter((text) => text.startsWith('📡 SOURCE'))
const toldOwners = () => desk.posted.map(({ text }) => text).filter((text) => text.startsWith('🚨 yahoo'))
const outages = () =>
  desk.desk.parts.db.selectFrom('source_outages').select(['source', 'ended_at']).orderBy('id').execute()

test.beforeAll(() => market.turn('yahoo', true))

test('an outage on which no position depends is told to the owners alone, and so is its end', async () => {
  await desk.say('hello', 'olga')
  market.turn('yahoo', false)
  await expect.poll(toldOwners, patience).toHaveLength(1)
  expect(toldOwners()[0]).toBe(
    '🚨 yahoo does not answer since 2026-11-19 09:58:50 EST: it answered with 502. No open position depends on it. `sources` shows all of them; members whose positions depend on it are told.',
  )
  market.turn('yahoo', true)
  await expect.poll(toldOwners, patience).toHaveLength(2)
  // From its last word to the moment from which on it answered, not to the one at which that was certain.
  expect(toldOwners()[1]).toMatch(
    /^🚨 yahoo answers again, after 1 min \d+ s \(since 2026-11-19 09:58:50 EST it did not\)\.$/,
  )
  expect(await events()).toEqual([])
})

test('who holds what nothing else prices is told, HIGH, once, over a restart, and so is the end', async () => {
  await desk.say('long BYND 100 @ 1.00')
  await desk.say('long AAPL 5 @ 190')
  market.stale('BYND', 'gone')
  market.turn('yahoo', false)
  const about = {
    source: 'yahoo',
    since: '2026-11-19T14:58:50.000Z',
    alone: 'BYND',
    replaced: 'AAPL',
    fallback: 'hand',
  }
  await expect
    .poll(events, patience)
    .toEqual([{ type: 'watching.source_lost', urgency: 'HIGH', ...about, because: 'it answered with 502' }])
  await expect
    .poll(told, patience)
    .toEqual([
      '📡 SOURCE LOST\nyahoo does not answer since 2026-11-19 09:58:50 EST: it answered with 502. Nothing else has a fresh price of BYND: its stops and targets are not watched until one is there. hand prices AAPL instead: its stops and targets are watched. 💡 `sources` shows what answers',
    ])
  expect(toldOwners()[2]).toContain('Nothing takes its place for 1 open position: their levels are not watched.')
  // Another worker that sees the same at the same time, and this one after a restart, tell nothing again.
  await desk.restart()
  const { parts } = desk.desk
  const source = { ...market.providers!()[0]!, seenBy: 'worker' }
  await Promise.all([tellLost(parts, source, new Set(['hand'])), tellLost(parts, source, new Set(['hand']))])
  market.turn('yahoo', true)
  await expect.poll(events, patience).toHaveLength(2)
  expect((await events())[1]).toEqual({ type: 'watching.source_back', urgency: 'HIGH', ...about })
  await expect.poll(told, patience).toHaveLength(2)
  expect(told()[1]).toBe(
    '📡 SOURCE BACK\nyahoo answers again; it did not since 2026-11-19 09:58:50 EST. It prices again: BYND, AAPL',
  )
  expect(toldOwners()).toHaveLength(4)
  const ended = { source: 'yahoo', ended_at: expect.any(Date) }
  expect(await outages()).toEqual([ended, ended])
})

test('with another source in the place of the lost one it is MEDIUM, also within minutes of another outage', async () => {
  market.stale('BYND')
  market.turn('yahoo', false, 'it cannot be reached', 65)
  await expect.poll(events, patience).toHaveLength(3)
  expect((await events()).filter(({ type }) => type === 'watching.source_lost')).toMatchObject([
    { urgency: 'MEDIUM', replaced: 'AAPL,BYND', fallback: 'hand' },
    { urgency: 'HIGH' },
  ])
  await expect.poll(told, patience).toHaveLength(3)
  expect(told()[2]).toMatch(
    /it cannot be reached\. hand prices AAPL, BYND instead: their stops and targets are watched\./,
  )
})
