import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { WatchEventType } from '../../../src/trading/events/rules/watch-event.ts'
import { sweepAlerts } from '../../../src/watch/alerts/sweep.ts'
import { type HandClock, handClock } from '../../market/hand-clock.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { crashOf } from './crash.ts'
import { minute } from './scene.ts'

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

/** Raises events of many of alice's positions at once, and waits until each has an outcome. */
async function crash(types: WatchEventType[]): Promise<void> {
  storms += 1
  await crashOf(desk.desk, alice.name, types, `storm-${storms}`)
  await expect.poll(() => told(), { timeout: 20_000 }).toBe(types.length)
}

/** The number of events of the storm with an outcome. */
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
    expect(lines[0]).toMatch(/^⚠️ STOP APPROACHING — STORM-\d+-\d+ · \$0\.561$/)
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
