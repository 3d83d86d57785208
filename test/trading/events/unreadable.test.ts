import { Queue } from 'bullmq'
import { pino } from 'pino'
import { expect } from 'vitest'
import { prefixOf, queueNames } from '../../../src/infra/queue/queues.ts'
import { connectRedis } from '../../../src/infra/queue/redis.ts'
import type { Urgency } from '../../../src/trading/events/rules/urgency.ts'
import { createStudies } from '../../../src/watch/monitor/studies.ts'
import { sweepPositions } from '../../../src/watch/monitor/sweep.ts'
import { deskTest } from '../../support/desk-test.ts'
import type { Someone } from '../../talk/commands/someone.ts'
import { type Watched, watched } from '../../watch/guardian/someone-watched.ts'

const { test, desk, market } = deskTest({ environment: { DESKHAND_OWNERS: 'slack:T1:BOSS' }, sweepEveryMs: 200 })

/** Data that another version of the desk, or a damaged disk, may have left. */
const damaged = ['{}', '[]', '"text"', '7', 'null', '{"price":{},"version":"x","protectiveOrderId":"?","because":7}']

let keys = 0

/** An event in the log as it stands there. */
async function stored(of: Watched, type: string, urgency: Urgency, data: string): Promise<number> {
  const { db } = desk.desk.parts
  const { id } = await db
    .insertInto('desk_events')
    .values({
      ...{ type, urgency, data, symbol: of.symbol, at: new Date(), dedupe_key: `damaged-${++keys}` },
      ...{ account_id: of.accountId, member_id: of.memberId, position_id: of.positionId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function isOpen({ positionId }: Watched): Promise<boolean> {
  const { db } = desk.desk.parts
  const row = await db
    .selectFrom('positions')
    .select('closed_at')
    .where('id', '=', positionId)
    .executeTakeFirstOrThrow()
  return row.closed_at === null
}

const posted = (where: (place: { thread?: string; person?: string }) => boolean) =>
  desk.posted.filter(({ place }) => where(place)).map(({ text }) => text)
const inThread = ({ thread }: Pick<Someone, 'thread'>) => posted((place) => place.thread === thread)
const ownersTold = (id: number | string) =>
  posted((place) => place.person === 'BOSS').filter((text) => text.includes(`${id}`))

/** The owner is told once, however many readers find the event and however often. */
async function ownerIsTold(id: number | string): Promise<void> {
  await expect.poll(() => ownersTold(id)).toHaveLength(1)
}

test.each(damaged)('a touched stop whose data is %s closes its position, and owners are told once', async (data) => {
  const alice = await watched(desk, { stop: '.9' })
  const id = await stored(alice, 'trading.stop_loss_triggered', 'CRITICAL', data)
  await expect.poll(() => isOpen(alice)).toBe(false)
  await expect.poll(() => inThread(alice)).toContainEqual(expect.stringMatching(/^🛑 STOP HIT — BYND\nSold/))
  await ownerIsTold(`trading.stop_loss_triggered, ${id}`)
  await desk.desk.sweep()
  await ownerIsTold(`trading.stop_loss_triggered, ${id}`)
})

test('a touched stop that cannot be read closes nothing when the stop was taken off before', async () => {
  const alice = await watched(desk, { stop: '.9' })
  expect(await alice.say('stop off')).toContain('✓')
  const id = await stored(alice, 'trading.stop_loss_triggered', 'CRITICAL', '{}')
  await ownerIsTold(`trading.stop_loss_triggered, ${id}`)
  const settled = async () =>
    (await desk.desk.parts.db.selectFrom('desk_events').select('settled_at').where('id', '=', id).executeTakeFirst())
      ?.settled_at
  await expect.poll(settled).toBeInstanceOf(Date)
  expect(await isOpen(alice)).toBe(true)
})

test.each(damaged)('a tripped breaker whose data is %s halts and closes its account', async (data) => {
  const alice = await watched(desk)
  const id = await stored(alice, 'risk.circuit_breaker_tripped', 'CRITICAL', data)
  await expect.poll(() => isOpen(alice)).toBe(false)
  expect(await alice.say('positions')).toContain('⛔ HALTED')
  await ownerIsTold(`risk.circuit_breaker_tripped, ${id}`)
})

test('a critical event of a type that this version does not know is left to one that does, and owners are told once', async () => {
  const alice = await watched(desk)
  const id = await stored(alice, 'trading.something_new', 'CRITICAL', '{}')
  await ownerIsTold(`trading.something_new, ${id}`)
  expect(await isOpen(alice)).toBe(true)
  const { db } = desk.desk.parts
  const row = await db.selectFrom('desk_events').select('settled_at').where('id', '=', id).executeTakeFirstOrThrow()
  expect(row.settled_at).toBeNull()
  await db.updateTable('desk_events').set({ settled_at: new Date() }).where('id', '=', id).execute()
})

/** All readers of stored events for people: the question to each, and its answer about an unreadable event. */
const readers: [string, (of: Watched) => Promise<string>][] = [
  ['watch', (alice) => alice.say('watch BYND')],
  ['history', (alice) => alice.say('history BYND')],
  ['digest', (alice) => alice.say('digest')],
]

test.each(readers)('%s names what it cannot read, and shows the rest', async (_, ask) => {
  const alice = await watched(desk)
  await alice.say('alerts here')
  for (const data of damaged) await stored(alice, 'position.correlation_spike', 'LOW', data)
  const said = await ask(alice)
  expect(said).toContain('🔗 CORRELATION SPIKE — BYND · its details cannot be read')
  expect(said).not.toMatch(/undefined|NaN/)
})

test.each(damaged)(
  'an alert whose data is %s is told in its thread and its channel, and owners are told once',
  async (data) => {
    const alice = await watched(desk)
    const channel = alice.in(`${alice.thread}-alerts`)
    await channel.say('alerts here')
    const id = await stored(alice, 'position.stop_approaching', 'HIGH', data)
    for (const queue of ['guardian', 'alerts'] as const) await desk.desk.parts.queues.event(queue, id)
    for (const where of [alice, channel]) {
      await expect
        .poll(() => inThread(where))
        .toEqual(['⚠️ STOP APPROACHING — BYND\nIts details cannot be read: look at the position'])
    }
    await ownerIsTold(`position.stop_approaching, ${id}`)
  },
)

test('a job that cannot be read is left out, and those behind it run', async () => {
  const redis = connectRedis(desk.redis.url, pino({ level: 'silent' }))
  const queue = new Queue(queueNames.alerts, { connection: redis, prefix: prefixOf(queueNames.alerts) })
  await queue.add('alerts', { eventId: 'what?' }, { jobId: 'damaged-job', attempts: 1000, backoff: 1 })
  await ownerIsTold('damaged-job')
  await queue.close()
  redis.disconnect()
  const alice = await watched(desk, { stop: '.55' })
  market.set('BYND', '.5')
  await expect.poll(() => isOpen(alice)).toBe(false)
  market.set('BYND', '1.01')
})

test.each(['{}', '{"seq":"x"}', '{"seq":null,"stop":7}', '[]'])(
  'what watching has seen of a position is begun anew where it is %s, and others are marked with it',
  async (state) => {
    const [alice, bob] = [await watched(desk), await watched(desk)]
    const { parts } = desk.desk
    for (const [{ positionId }, one] of [
      [alice, state],
      [bob, '{"seq":0}'],
    ] as const) {
      await parts.db
        .insertInto('position_watch')
        .values({ position_id: positionId, state: one })
        .onConflict((conflict) => conflict.column('position_id').doUpdateSet({ state: one, marked_at: null }))
        .execute()
    }
    await sweepPositions(parts, createStudies(parts), { ids: [alice.positionId, bob.positionId] })
    const rows = await parts.db
      .selectFrom('position_watch')
      .select(['state', 'marked_at'])
      .where('position_id', 'in', [alice.positionId, bob.positionId])
      .execute()
    expect(rows.map(({ marked_at }) => marked_at)).toEqual([expect.any(Date), expect.any(Date)])
    for (const row of rows) expect(row.state).toMatchObject({ seq: expect.any(Number) })
  },
)
