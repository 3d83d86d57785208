import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sweepAlerts } from '../../src/alerts/sweep.ts'
import type { WatchEventType } from '../../src/events/watch-event.ts'
import { appendWatchEvents, type WatchDeskEvent } from '../../src/ledger/watch-events.ts'
import { type Someone, someone } from '../commands/someone.ts'
import { type HandClock, handClock } from '../market/hand-clock.ts'
import { openTestDesk, type TestDesk } from '../support/desk.ts'
import { minute, seen } from './scene.ts'

const perMinute = 10

let clock: HandClock
let desk: TestDesk
let alice: Someone
let storms = 0

beforeAll(async () => {
  clock = handClock('2026-11-20T15:00:00Z')
  desk = await openTestDesk({ clock, sweepEveryMs: 600_000 })
})
afterAll(() => desk.close())
beforeEach(async () => {
  alice = someone(desk)
  await alice.say('alerts here')
})

/** A crash: events of as many positions of one account, all at once, and their alerts on the clock. */
async function crash(types: WatchEventType[]): Promise<void> {
  const { db, queues } = desk.desk.parts
  storms += 1
  const account = await db
    .selectFrom('accounts as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .where('m.name', '=', alice.name)
    .select(['a.id', 'a.member_id'])
    .executeTakeFirstOrThrow()
  const symbols = types.map((_, index) => `S${storms}-${index}`)
  const positions = await db
    .insertInto('positions')
    .values(
      symbols.map((symbol) => ({
        ...{ account_id: account.id, symbol, signed_quantity: '3750', open_cost: '2362.5', opened_at: clock.now() },
      })),
    )
    .returning('id')
    .execute()
  const events = types.map((type, index) => ({
    ...seen(type, '0.561'),
    ...{ symbol: symbols[index]!, accountId: account.id, memberId: account.member_id },
    ...{ positionId: positions[index]!.id, at: clock.now(), dedupeKey: `storm-${storms}-${index}` },
  })) as WatchDeskEvent[]
  const { raised } = await appendWatchEvents(db, events)
  await Promise.all(raised.map(({ id }) => queues.event('alerts', id)))
  await expect.poll(() => told(), { timeout: 20_000 }).toBe(types.length)
}

/** How many events of the storm something has become of. */
async function told(): Promise<number> {
  const { count } = await desk.desk.parts.db
    .selectFrom('event_alerts as t')
    .innerJoin('desk_events as e', 'e.id', 't.event_id')
    .where('e.dedupe_key', 'like', `storm-${storms}-%`)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

const said = () => desk.posted.filter(({ place }) => place.thread === alice.thread).map(({ text }) => text)
const plain = () => said().filter((text) => text.startsWith('⚠️'))
const critical = () => said().filter((text) => text.startsWith('🛑'))
const tables = () => said().filter((text) => text.startsWith('📋'))
const mixed = Array.from({ length: 200 }, (_, index) =>
  index % 20 === 19 ? 'trading.stop_loss_triggered' : 'position.stop_approaching',
) as WatchEventType[]

describe('a storm of 200 events', () => {
  test('is the limit of messages, one table at the end of the minute, and everything that is critical', async () => {
    await crash(mixed)
    await expect.poll(() => critical().length).toBe(10)
    expect(new Set(critical()).size).toBe(10)
    expect(plain().length).toBeLessThanOrEqual(perMinute)
    expect(tables()).toEqual([])

    clock.advance(minute)
    await sweepAlerts(desk.desk.parts, desk.desk.config)
    await expect.poll(() => tables().length).toBe(1)
    const [heading, ...lines] = tables()[0]!.split('\n')
    expect(heading).toBe(`📋 ${190 - plain().length} MORE ALERTS IN A MINUTE`)
    expect(lines[0]).toMatch(/^⚠️ STOP APPROACHING — S\d+-\d+ · \$0\.561$/)
    expect(lines).toHaveLength(30 + 2)

    clock.advance(minute)
    await sweepAlerts(desk.desk.parts, desk.desk.config)
    expect(said()).toHaveLength(10 + plain().length + 1)
  })

  test('is over with its minute: the next alert is a message again', async () => {
    await crash(Array.from({ length: 30 }, () => 'position.stop_approaching' as const))
    await expect.poll(() => plain().length).toBe(perMinute)
    clock.advance(minute)
    await sweepAlerts(desk.desk.parts, desk.desk.config)
    await crash(['position.stop_approaching'])
    await expect.poll(() => plain().length).toBe(perMinute + 1)
    expect(tables()).toHaveLength(1)
    expect(tables()[0]).toContain('20 MORE ALERTS')
  })

  test('is told to the letter once, when several post its table at once', async () => {
    await crash(Array.from({ length: 12 }, () => 'position.target_approaching' as const))
    clock.advance(minute)
    await Promise.all(Array.from({ length: 8 }, () => sweepAlerts(desk.desk.parts, desk.desk.config)))
    await expect.poll(() => tables().length).toBe(1)
    expect(tables()[0]).toMatch(/^📋 2 MORE ALERTS IN A MINUTE\n🎯 .*\n🎯 .*\n💡/)
  })
})
