import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Running, startWorker } from '../../jobs/worker.ts'
import { createCritical } from '../../src/execution/critical/critical.ts'
import { requeueEvents } from '../../src/monitor/raise.ts'
import { openTestDesk, type TestDesk } from '../support/desk.ts'
import { holding } from './closing.ts'
import { touch, touchAll } from './touched.ts'

let desk: TestDesk
let second: Running
beforeAll(async () => {
  desk = await openTestDesk()
  second = startWorker(desk.desk) // another machine's worker takes jobs as well
})
afterAll(async () => {
  await second?.close()
  await desk?.close()
})

test.each([
  ['long', 'stop', '0.55', 'sell', '🛑 STOP HIT — BYND\nSold 3,750 @ $0.55\nP&L: $-300.00\nPosition: FLAT'],
  ['long', 'target', '0.70', 'sell', '🎯 TARGET HIT — BYND\nSold 3,750 @ $0.70\nP&L: $+262.50\nPosition: FLAT'],
  ['short', 'stop', '0.70', 'buy', '🛑 STOP HIT — BYND\nBought back 3,750 @ $0.70\nP&L: $-262.50\nPosition: FLAT'],
  ['short', 'target', '0.55', 'buy', '🎯 TARGET HIT — BYND\nBought back 3,750 @ $0.55\nP&L: $+300.00\nPosition: FLAT'],
] as const)(
  'a %s position whose %s is touched at %s is closed, its other order cancelled, and its thread told',
  async (direction, kind, price, side, text) => {
    const levels = direction === 'long' ? { stop: '0.55', target: '0.70' } : { stop: '0.70', target: '0.55' }
    const holder = await holding(desk, `${direction} BYND 3750 @ .63`, levels)
    await touch(desk, holder.held, kind, price)
    await holder.isClosed()
    await holder.hears(/FLAT/)
    expect(holder.told().filter((one) => one.includes('FLAT'))).toEqual([text])
    const id = `${kind}-${holder.held[kind]!.id}`
    expect(await holder.orders()).toEqual([
      { client_order_id: id, purpose: kind, side, quantity: '3750', state: 'filled' },
    ])
    expect(await holder.protection()).toEqual(
      (['stop', 'target'] as const).map((one) =>
        one === kind
          ? { kind: one, state: 'triggered', ended_because: 'touched' }
          : { kind: one, state: 'cancelled', ended_because: `the ${kind} was hit` },
      ),
    )
  },
)

test('a price that falls through the stop is sold at the price that there is', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  await touch(desk, holder.held, 'stop', '0.41')
  await holder.hears(/^🛑 STOP HIT — BYND\nSold 3,750 @ \$0.41\nP&L: \$-825.00\nPosition: FLAT$/)
})

test('stop and target touched at once, by ticks and sweeps in two workers, close once', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55', target: '0.70' })
  const critical = createCritical(desk.desk.critical)
  const raised = await Promise.all([
    touch(desk, holder.held, 'stop', '0.55'),
    touch(desk, holder.held, 'target', '0.55'),
    touch(desk, holder.held, 'stop', '0.55'),
    touchAll(desk, [holder.held], 'stop', '0.55').then((all) => all[0]?.id),
  ])
  const events = raised.filter((id) => id !== undefined)
  await Promise.all([...events, ...events].map(critical).concat(requeueEvents(desk.desk.parts).then(() => undefined)))
  await holder.isClosed()
  expect(await holder.orders()).toHaveLength(1)
  await holder.hears(/FLAT/)
  expect(holder.told().filter((one) => one.includes('FLAT'))).toHaveLength(1)
})

test('a running scaleout ends with a word, and what it has not sold is sold', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  await holder.person.say('scaleout slow')
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.isClosed()
  await holder.hears(/STOP HIT/)
  expect(holder.told()).toContainEqual(
    expect.stringMatching(/^🛑 SCALEOUT CANCELLED - BYND \(the stop was hit\)\nSold /),
  )
  const { db } = desk.desk.parts
  const sold = await db
    .selectFrom('fills')
    .select((eb) => eb.fn.sum<string>('quantity').as('quantity'))
    .where('position_id', '=', holder.held.position.id)
    .where('side', '=', 'sell')
    .executeTakeFirstOrThrow()
  expect(sold).toEqual({ quantity: '3750' })
  const { state } = await db
    .selectFrom('scaleouts')
    .select('state')
    .where('position_id', '=', holder.held.position.id)
    .executeTakeFirstOrThrow()
  expect(state).toBe('cancelled')
})

test('a stop that was taken back, or a position that was closed by hand, in between: nothing is ordered', async () => {
  const taken = await holding(desk, 'long BYND 100 @ .63', { stop: '0.55' })
  await taken.person.say('stop off')
  await touch(desk, taken.held, 'stop', '0.55')
  const closed = await holding(desk, 'long BYND 100 @ .63', { stop: '0.55' })
  await closed.person.say('close now')
  await touch(desk, closed.held, 'stop', '0.55')
  await closed.isClosed()
  const { db } = desk.desk.parts
  const unsettled = () =>
    db
      .selectFrom('desk_events')
      .select('id')
      .where('urgency', '=', 'CRITICAL')
      .where('settled_at', 'is', null)
      .execute()
  await expect.poll(unsettled).toEqual([])
  expect([...(await taken.orders()), ...(await closed.orders())]).toEqual([])
  expect(await taken.person.say('positions')).toContain('LONG 100 BYND')
})

test('an event that was raised while Redis was away is acted on when the sweep finds it', async () => {
  const holder = await holding(desk, 'long BYND 100 @ .63', { stop: '0.55' })
  const events = () => Promise.reject(new Error('Redis is away'))
  const queues = { ...desk.desk.parts.queues, events, event: events }
  await touch({ ...desk, desk: { ...desk.desk, parts: { ...desk.desk.parts, queues } } }, holder.held, 'stop', '0.55')
  await desk.desk.parts.db
    .updateTable('desk_events')
    .set({ at: new Date(Date.now() - 5000) })
    .where('position_id', '=', holder.held.position.id)
    .execute()
  await desk.desk.sweep()
  await holder.isClosed()
})
