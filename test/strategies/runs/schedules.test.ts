import { sql } from 'kysely'
import { expect } from 'vitest'
import { Refusal } from '../../../src/base/refusal.ts'
import { runsOf } from '../../../src/strategies/runs/rows/runs.ts'
import { endSchedules, schedulesOf } from '../../../src/strategies/runs/rows/schedules.ts'
import { type ScheduleRequest, saveSchedule } from '../../../src/strategies/runs/schedules/save-schedule.ts'
import { startDue } from '../../../src/strategies/runs/schedules/start-due.ts'
import { dropTemplate, saveTemplate, templateOf, templatesOf } from '../../../src/strategies/runs/templates.ts'
import { deskTest } from '../../support/desk-test.ts'
import { ask, type Known, known, refused, soon, untilEnd } from './asking.ts'
import { madeBars } from './made-bars.ts'

const bars = madeBars(10)
const { test, desk } = deskTest({ runs: { bars, places: 1, mostWaiting: 1 } })
const parts = () => desk.desk.parts

let made = 0
type Scheduler = Omit<Known, 'accountId'> & { accountId?: number }
const schedule = (who: Scheduler, more: Partial<ScheduleRequest> = {}) =>
  saveSchedule(parts(), {
    ...{ ...who, requestId: `schedule-request-${++made}`, origin: 'chat', strategy: 'breakout', parameters: {} },
    ...{ days: 'weekdays', localTime: '16:15', zone: 'America/New_York' },
    ...more,
  })

async function saved(who: Scheduler, more: Partial<ScheduleRequest> = {}) {
  const answer = await schedule(who, more)
  if (answer instanceof Refusal) throw new Error(answer.text)
  return answer
}

/** Lets a schedule have been due for so long. */
const dueSince = (id: number, past: string) =>
  sql`update strategy_schedules set next_at = date_trunc('milliseconds', now() - ${past}::interval) where id = ${id}`.execute(
    parts().db,
  )

test('a schedule is kept with its next time, once for its request', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  const requestId = `twice-${who.memberId}`
  const [one, other] = [await saved(who, { requestId }), await saved(who, { requestId })]
  expect(other).toEqual(one)
  expect(one).toMatchObject({ number: 1, strategy: 'bullish_breakout', days: 'weekdays', localTime: '16:15' })
  expect(one.nextAt!.getTime()).toBeGreaterThan(parts().clock.now().getTime())
  expect(await schedulesOf(parts().db, who.memberId)).toEqual([one])
  expect(await endSchedules(parts().db, who.memberId, parts().clock.now(), 1)).toHaveLength(1)
  expect(await endSchedules(parts().db, who.memberId, parts().clock.now(), 1)).toEqual([])
  expect((await saved(who)).number).toBe(2)
  await endSchedules(parts().db, who.memberId, parts().clock.now())
})

test.each([
  [{ days: 'sunday' }, 'days'],
  [{ localTime: '25:00' }, 'localTime'],
  [{ localTime: '4pm' }, 'localTime'],
  [{ zone: 'Mars/Olympus' }, 'zone'],
])('days, times and zones that there are not are refused: %o', async (wrong, field) => {
  const answer = await refused(schedule({ memberId: 1, accountId: 1, conversationId: 1 }, wrong))
  expect(answer).toMatchObject({ code: 'SCHEDULE_NOT_UNDERSTOOD', field })
})

test('whichever worker comes first, a due schedule runs once; a late one, too, however often it was due', async ({
  alice,
}) => {
  const who = await known(desk.desk, alice)
  const { id } = await saved(who)
  await dueSince(id, '9 days')
  await Promise.all([1, 2, 3].map(() => startDue(parts())))
  const [run, ...more] = await runsOf(parts().db, who.memberId)
  expect(more).toEqual([])
  expect(run).toMatchObject({ origin: 'schedule', scheduleId: id, due: { zone: run!.due!.zone } })
  const days = (parts().clock.now().getTime() - run!.due!.at.getTime()) / 86_400_000
  expect(days).toBeCloseTo(9, 1)
  const [now] = await schedulesOf(parts().db, who.memberId)
  expect(now!.nextAt!.getTime()).toBeGreaterThan(parts().clock.now().getTime())
  expect((await untilEnd(parts(), run!.id)).state).toBe('completed')
  await soon(() => expect(desk.posted.filter(({ place }) => place.thread === alice.thread)).toHaveLength(2))
  for (const { text } of desk.posted.filter(({ place }) => place.thread === alice.thread))
    expect(text).toMatch(/late: was due \d{4}-\d\d-\d\d \d\d:\d\d /)
  await endSchedules(parts().db, who.memberId, parts().clock.now())
})

test('a schedule that was made before there was an account has the first one when it is due', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  const { id } = await saved({ ...who, accountId: undefined })
  await dueSince(id, '1 second')
  await startDue(parts())
  const [run] = await runsOf(parts().db, who.memberId)
  expect(run).toMatchObject({ scheduleId: id, accountId: who.accountId })
  // As late as that is every schedule.
  expect(run!.due).toBeUndefined()
  await untilEnd(parts(), run!.id)
  await endSchedules(parts().db, who.memberId, parts().clock.now())
})

test('a schedule that is late by less than a minute says so, too', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  const { id } = await saved(who)
  await dueSince(id, '30 seconds')
  await startDue(parts())
  const [run] = await runsOf(parts().db, who.memberId)
  expect(run!.due!.at.getTime()).toBeLessThan(run!.askedAt.getTime() - 20_000)
  await untilEnd(parts(), run!.id)
  await endSchedules(parts().db, who.memberId, parts().clock.now())
})

test('a schedule of a template runs it as it is when it is due, and its own parameters when it is gone', async ({
  alice,
}) => {
  const who = await known(desk.desk, alice)
  const template = { memberId: who.memberId, name: 'Mornings', strategy: 'breakout' }
  await saveTemplate(parts(), { ...template, parameters: { min_score: '50' } })
  const { id } = await saved(who, { templateName: 'mornings', parameters: { min_score: 50 } })
  await saveTemplate(parts(), { ...template, name: 'mornings', parameters: { min_score: '90' } })
  expect(await templatesOf(parts().db, who.memberId)).toHaveLength(1)
  const runNow = async () => {
    await dueSince(id, '1 minute')
    await startDue(parts())
    const [run] = await runsOf(parts().db, who.memberId)
    await untilEnd(parts(), run!.id)
    return run!.parameters.min_score
  }
  expect(await runNow()).toBe(90)
  expect(await dropTemplate(parts(), who.memberId, 'MORNINGS')).toBe(true)
  expect((await refused(dropTemplate(parts(), who.memberId, 'mornings'))).code).toBe('NO_SUCH_TEMPLATE')
  expect(await runNow()).toBe(50)
  await endSchedules(parts().db, who.memberId, parts().clock.now())
})

test('a schedule that is refused when it is due says why, once, and stays on', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  const { id, number } = await saved(who, { parameters: { universe_source: 'watchlist' } })
  await dueSince(id, '1 minute')
  await Promise.all([startDue(parts()), startDue(parts())])
  const told = () => desk.posted.filter(({ place }) => place.thread === alice.thread)
  await soon(() => expect(told().map(({ text }) => text)).toEqual([expect.stringContaining('watchlist')]))
  expect((await schedulesOf(parts().db, who.memberId))[0]!.nextAt!.getTime()).toBeGreaterThan(Date.now())
  expect((await schedulesOf(parts().db, who.memberId))[0]!.number).toBe(number)
  await endSchedules(parts().db, who.memberId, parts().clock.now())
})

test('a schedule that finds the queue full waits for a place in it', async ({ alice, bob }) => {
  const [who, other] = [await known(desk.desk, alice), await known(desk.desk, bob)]
  const { promise, resolve } = Promise.withResolvers<void>()
  bars.before = () => promise
  const [one, two] = [(await ask(parts(), other.memberId)).run, (await ask(parts(), other.memberId)).run]
  const { id } = await saved(who)
  await dueSince(id, '1 minute')
  await startDue(parts())
  expect(await runsOf(parts().db, who.memberId)).toEqual([])
  resolve()
  bars.before = () => {}
  await untilEnd(parts(), one.id)
  await untilEnd(parts(), two.id)
  await startDue(parts())
  const [run] = await runsOf(parts().db, who.memberId)
  expect((await untilEnd(parts(), run!.id)).state).toBe('completed')
  await endSchedules(parts().db, who.memberId, parts().clock.now())
})

test('a template is named as a word, and never as a screener', async ({ alice }) => {
  const { memberId } = await known(desk.desk, alice)
  const save = (name: string) => saveTemplate(parts(), { memberId, name, strategy: 'breakout', parameters: {} })
  for (const name of [
    '',
    '1st',
    'breakout',
    'bullish_breakout',
    'Every',
    'sp500',
    'min-score',
    'two words',
    "x'); drop table members;--",
    'x'.repeat(41),
  ]) {
    expect((await refused(save(name))).code, name).toBe('TEMPLATE_NAME')
  }
  expect(await save('mine')).toEqual({
    template: expect.objectContaining({ name: 'mine', strategy: 'bullish_breakout' }),
  })
  expect(await save('Mine')).toMatchObject({ replaced: { name: 'mine' } })
  expect(await templateOf(parts().db, memberId, 'MINE')).toMatchObject({ name: 'Mine' })
})
