import { expect } from 'vitest'
import { type Running, startWorker } from '../../../jobs/worker.ts'
import { createCritical } from '../../../src/trading/protection/close-now/critical.ts'
import { sweepAlerts } from '../../../src/watch/alerts/sweep.ts'
import { tell } from '../../../src/watch/alerts/tell.ts'
import { deskTest } from '../../support/desk-test.ts'
import { holding } from './closing.ts'
import { touch, touchAll } from './touched.ts'

let second: Running
const { test, desk } = deskTest()
test.beforeAll(() => {
  second = startWorker(desk.desk) // another machine's worker takes jobs as well
})
test.afterAll(() => second?.close())

test.each([
  [
    'long',
    'stop',
    '0.55',
    'sell',
    '🛑 STOP HIT — BYND\nSold 3,750 @ $0.55 · stop $0.55\nP&L: $-300.00\nPosition: FLAT',
  ],
  [
    'long',
    'target',
    '0.70',
    'sell',
    '🎯 TARGET HIT — BYND\nSold 3,750 @ $0.70 · target $0.70\nP&L: $+262.50\nPosition: FLAT',
  ],
  [
    'short',
    'stop',
    '0.70',
    'buy',
    '🛑 STOP HIT — BYND\nBought back 3,750 @ $0.70 · stop $0.70\nP&L: $-262.50\nPosition: FLAT',
  ],
  [
    'short',
    'target',
    '0.55',
    'buy',
    '🎯 TARGET HIT — BYND\nBought back 3,750 @ $0.55 · target $0.55\nP&L: $+300.00\nPosition: FLAT',
  ],
] as const)(
  'a %s position whose %s is touched at %s is closed, its other order cancelled, and its thread told',
  async (direction, kind, price, side, text) => {
    const levels = direction === 'long' ? { stop: '0.55', target: '0.70' } : { stop: '0.70', target: '0.55' }
    const holder = await holding(desk, `${direction} BYND 3750 @ .63`, levels)
    await touch(desk, holder.held, kind, price)
    await holder.isClosed()
    await holder.hears(/FLAT/)
    expect(holder.told().filter((one) => one.includes('FLAT'))).toEqual([`${text}\n· ${holder.person.name}`])
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

test('a channel that was alerted hears of the touch, and then once how it ended', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55', target: '0.70' })
  const channel = holder.person.in(`${holder.person.thread}-channel`)
  await channel.say('alerts here critical')
  const heard = () => desk.posted.filter(({ place }) => place.thread === channel.thread).map(({ text }) => text)
  const id = await touch(desk, holder.held, 'stop', '0.54')
  await holder.isClosed()
  const both = [
    expect.stringMatching(/^🛑 STOP HIT — BYND\nLONG 3,750 @ \$0\.63 · now \$0\.54/),
    '🛑 STOP HIT — BYND\nSold 3,750 @ $0.54 · P&L $-337.50 · FLAT',
  ]
  await expect.poll(heard).toEqual(both)
  await tell(desk.desk.parts, desk.desk.config, id!)
  await sweepAlerts(desk.desk.parts, desk.desk.config)
  await holder.person.say('positions')
  expect(heard()).toEqual(both)
  expect(holder.told().filter((text) => text.includes('FLAT'))).toHaveLength(1)
})

test('a price that falls through the stop is sold at the price that there is', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  await touch(desk, holder.held, 'stop', '0.41')
  await holder.hears(
    /^🛑 STOP HIT — BYND\nSold 3,750 @ \$0.41 · stop \$0\.\d+\nP&L: \$-825.00\nPosition: FLAT\n· person\d+$/,
  )
})

test('stop and target touched at once, by ticks and sweeps in two workers, close once', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55', target: '0.70' })
  const raised = await Promise.all([
    touch(desk, holder.held, 'stop', '0.55'),
    touch(desk, holder.held, 'target', '0.55'),
    touch(desk, holder.held, 'stop', '0.55'),
    touchAll(desk, [holder.held], 'stop', '0.55').then((all) => all[0]?.id),
  ])
  expect(raised.filter((id) => id !== undefined)).toHaveLength(2)
  // The other processes take the acting one for dead.
  await desk.desk.parts.db
    .updateTable('desk_events')
    .set({ acting_until: null })
    .where('position_id', '=', holder.held.position.id)
    .execute()
  const others = ['third', 'fourth'].map((by) => createCritical(desk.desk.critical, by))
  await Promise.all(others.map((one) => one.takeOver().then(one.rest)))
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

test('an event whose process has died is acted on by another, which needs no Redis to find it', async () => {
  const holder = await holding(desk, 'long BYND 100 @ .63', { stop: '0.55' })
  const { alarm } = desk.desk.parts
  const mute = {
    get by() {
      return 'somebody who has died'
    },
    ring: () => {},
    answer: alarm.answer,
  }
  const parts = { ...desk.desk.parts, alarm: mute }
  await touch({ ...desk, desk: { ...desk.desk, parts } }, holder.held, 'stop', '0.55')
  await holder.isClosed()
})

test.each([
  ['a stop', 'trading.stop_loss_triggered', 'stop'],
  ['a target', 'trading.take_profit_hit', 'target'],
])('%s whose event cannot be read closes its position all the same', async (_, type, purpose) => {
  const holder = await holding(desk, 'long BYND 100 @ .63', { stop: '0.55', target: '0.70' })
  const { accountId, memberId, position } = holder.held
  const about = { account_id: accountId, member_id: memberId, position_id: position.id, symbol: 'BYND' }
  await desk.desk.parts.db
    .insertInto('desk_events')
    .values({
      ...about,
      type,
      urgency: 'CRITICAL',
      data: JSON.stringify({ of: 'another version' }),
      dedupe_key: `${type}-${position.id}`,
      at: new Date(),
    })
    .execute()
  await holder.isClosed()
  expect(await holder.orders()).toMatchObject([{ purpose, quantity: '100', state: 'filled' }])
})
