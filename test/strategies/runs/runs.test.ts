import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, vi } from 'vitest'
import { startRuns } from '../../../jobs/runs.ts'
import { Refusal } from '../../../src/base/refusal.ts'
import { cancelRun } from '../../../src/strategies/runs/cancel-run.ts'
import { queueOf } from '../../../src/strategies/runs/queue.ts'
import { requestRun } from '../../../src/strategies/runs/request-run.ts'
import { resultsOf } from '../../../src/strategies/runs/rows/results.ts'
import { runOf, runsOf } from '../../../src/strategies/runs/rows/runs.ts'
import { isActive } from '../../../src/strategies/runs/rules/run-state.ts'
import { deskTest } from '../../support/desk-test.ts'
import { ask, known, refused, soon, until, untilEnd } from './asking.ts'
import { gate, madeBars } from './made-bars.ts'

const bars = madeBars(30)
const { test, desk } = deskTest({ runs: { bars, mostWaiting: 3 } })

afterEach(() => {
  bars.before = () => {}
})

const posts = (thread: string) => desk.posted.filter(({ place }) => place.thread === thread).map(({ text }) => text)

/** Asks for so many runs of a member that stand still until the gate opens, and waits until the first two have begun. */
async function standing(memberId: number, count: number) {
  const held = gate()
  bars.before = () => held.opened
  const { parts } = desk.desk
  const asked = []
  for (let index = 0; index < count; index++) asked.push(await ask(parts, memberId))
  for (const { run } of asked.slice(0, 2)) await until(parts, run.id, ({ state }) => state === 'running')
  return { asked, open: held.open }
}

test('a run goes over all of its symbols, each once, and tells its list in its thread', async ({ alice }) => {
  const { parts } = desk.desk
  const who = await known(desk.desk, alice)
  const { run, position, told } = await ask(parts, who.memberId, who)
  expect(position).toBe(0)
  expect(told).toHaveLength(1)
  const ended = await untilEnd(parts, run.id)
  expect(ended).toMatchObject({ state: 'completed', progressPercent: 100, completedItems: 31, asOf: '2026-11-27' })
  const results = await resultsOf(parts.db, run.id, { most: 100 })
  expect(results.map(({ symbol }) => symbol).sort()).toEqual(bars.symbols().toSorted())
  expect(results.map(({ rank }) => rank)).toEqual(results.map((_, index) => index + 1))
  await soon(() => expect(posts(alice.thread)).toHaveLength(2))
  expect(posts(alice.thread)[1]).toContain('31 symbols')
})

test('more symbols than the requests of the provider are enough for are refused before anything is queued', async ({
  alice,
}) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const room = async (missing: string[]) => ({ missing, fits: 12 })
  const short = { ...parts, runs: { ...parts.runs, bars: Object.assign(Object.create(bars), { room }) } }
  const wanted = {
    memberId,
    requestId: `short-${memberId}`,
    origin: 'api' as const,
    strategy: 'bullish_breakout',
    parameters: {},
  }
  const answer = await refused(requestRun(short, wanted))
  expect(answer.code).toBe('OVER_REQUEST_BUDGET')
  expect(answer.text).toContain('Screen at most 12 of them now')
  expect(await runsOf(parts.db, memberId)).toEqual([])
})

test('asked for twice under one id, at once or later, it is one run', async ({ alice }) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const requestId = `once-${memberId}`
  const all = await Promise.all([1, 2, 3, 4].map(() => ask(parts, memberId, { requestId })))
  expect(new Set(all.map(({ run }) => run.id)).size).toBe(1)
  expect(all.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1)
  await untilEnd(parts, all[0]!.run.id)
  expect((await ask(parts, memberId, { requestId })).run).toMatchObject({ id: all[0]!.run.id, state: 'completed' })
  expect(await runsOf(parts.db, memberId)).toHaveLength(1)
})

test('numbers are a member’s own, and nobody finds or cancels another’s run', async ({ alice, bob }) => {
  const { parts } = desk.desk
  const [one, other] = [await known(desk.desk, alice), await known(desk.desk, bob)]
  const [first, second] = [(await ask(parts, one.memberId)).run, (await ask(parts, one.memberId)).run]
  expect([first.number, second.number]).toEqual([1, 2])
  expect((await ask(parts, other.memberId)).run.number).toBe(1)
  expect(await runOf(parts.db, other.memberId, second.runId)).toBeUndefined()
  expect((await refused(cancelRun(parts, other, second.runId))).code).toBe('NO_SUCH_RUN')
  for (const named of [0, -1, 2.5, 2 ** 40, 'x', '', "1' or '1'='1", '99999999999']) {
    expect(await runOf(parts.db, one.memberId, named)).toBeUndefined()
  }
  expect(await runOf(parts.db, one.memberId, second.runId)).toMatchObject({ id: second.id })
  await untilEnd(parts, first.id)
  await untilEnd(parts, second.id)
})

test('two go at once; the others wait, are told their place, and go when one has ended', async ({ alice, bob }) => {
  const { parts } = desk.desk
  const [one, other] = [await known(desk.desk, alice), await known(desk.desk, bob)]
  const { asked, open } = await standing(one.memberId, 4)
  expect(asked.map(({ position }) => position)).toEqual([0, 0, 1, 2])
  expect(asked[3]!.expectedStart.getTime()).toBeGreaterThanOrEqual(asked[2]!.expectedStart.getTime())
  // Bob has none under way, so his is the next.
  const bobs = await ask(parts, other.memberId)
  expect(bobs.position).toBe(1)
  const full = await refused(
    requestRun(parts, { ...one, requestId: 'full', origin: 'api', strategy: 'breakout', parameters: {} }),
  )
  expect(full.code).toBe('QUEUE_FULL')
  const queue = await queueOf(parts.db, {
    sees: ({ memberId }) => memberId === other.memberId,
    ...{ places: parts.runs.places, now: parts.clock.now() },
  })
  expect(queue.map(({ position, isOwn }) => [position, isOwn])).toEqual([
    ...[
      [0, false],
      [0, false],
      [1, true],
      [2, false],
      [3, false],
    ],
  ])
  expect(queue.every((entry) => entry.isOwn || !('number' in entry))).toBe(true)
  open()
  for (const { run } of [...asked, bobs]) expect((await untilEnd(parts, run.id)).state).toBe('completed')
})

test('with two workers no more than two go at once, and each run has one worker', async ({ alice }) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const second = startRuns(parts, 100)
  const seen: number[] = []
  bars.before = async () => {
    const open = await runsOf(parts.db, memberId)
    seen.push(open.filter(({ state }) => isActive(state)).length)
  }
  const asked = []
  for (let index = 0; index < 5; index++) asked.push(await ask(parts, memberId))
  for (const { run } of asked) {
    expect(await untilEnd(parts, run.id)).toMatchObject({ state: 'completed', attempt: 1, completedItems: 31 })
  }
  await second.close()
  expect(Math.max(...seen)).toBeLessThanOrEqual(2)
})

test('a waiting run is cancelled at once, a running one by its worker, and the first end wins', async ({ alice }) => {
  const { parts } = desk.desk
  const who = await known(desk.desk, alice)
  const { asked, open } = await standing(who.memberId, 3)
  const [running, , waiting] = asked.map(({ run }) => run)
  expect(await cancelRun(parts, who, waiting!.number)).toMatchObject({ state: 'cancelled' })
  expect((await refused(cancelRun(parts, who, waiting!.number))).code).toBe('RUN_ENDED')
  expect(await cancelRun(parts, who, running!.runId)).toMatchObject({ state: 'cancelling' })
  // Said again, it is on its way, or done.
  const again = await cancelRun(parts, who, running!.number)
  expect(again instanceof Refusal ? again.code : again.state).toMatch(/^(cancelling|RUN_ENDED)$/)
  open()
  expect(await untilEnd(parts, running!.id)).toMatchObject({ state: 'cancelled', completedItems: 0 })
  expect(await untilEnd(parts, asked[1]!.run.id)).toMatchObject({ state: 'completed' })
})

test('a cancel that races the end: whoever was told of it was told the truth', async ({ alice }) => {
  const { parts } = desk.desk
  const who = await known(desk.desk, alice)
  for (let step = 0; step < 12; step++) {
    const { run } = await ask(parts, who.memberId, { ...who, parameters: { tickers: ['S001', 'S002', 'S003'] } })
    // Each time a little later, from the queue to beyond the end.
    await until(parts, run.id, ({ state }) => state !== 'queued')
    for (let turns = 0; turns < step * step; turns++) await turn()
    const answer = await cancelRun(parts, who, run.number)
    const ended = await untilEnd(parts, run.id)
    expect(ended.state).toBe(answer instanceof Refusal ? 'completed' : 'cancelled')
    if (answer instanceof Refusal) expect(answer.code).toBe('RUN_ENDED')
  }
  // Of each run the message that follows it, and its list.
  await soon(() => expect(posts(alice.thread)).toHaveLength(24))
})

test('a market that does not answer keeps nobody from cancelling a run', async ({ alice }) => {
  const { parts } = desk.desk
  const who = await known(desk.desk, alice)
  bars.before = () => gate().opened
  const { run } = await ask(parts, who.memberId, who)
  await until(parts, run.id, ({ state }) => state === 'running')
  expect(await cancelRun(parts, who, run.number)).toMatchObject({ state: 'cancelling' })
  expect(await untilEnd(parts, run.id)).toMatchObject({ state: 'cancelled' })
})

test('results appear while the run goes on', async ({ alice }) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const held = gate()
  const { run } = await ask(parts, memberId, { parameters: { max_workers: 1 } })
  const stop = parts.notices.hear('strategy_runs', async () => {
    if ((await resultsOf(parts.db, run.id)).length > 0) held.open()
  })
  await held.opened
  stop()
  expect(await untilEnd(parts, run.id)).toMatchObject({ state: 'completed', completedItems: 31 })
})

test('a run that takes longer than it may ends with an error that says so', async ({ alice }) => {
  const { parts } = desk.desk
  const who = await known(desk.desk, alice)
  // Its market never answers.
  bars.before = () => gate().opened
  const { run } = await ask(parts, who.memberId, { ...who, maxSeconds: 1 })
  expect(await untilEnd(parts, run.id)).toMatchObject({ state: 'error', errorCode: 'TIME_LIMIT' })
  await soon(() => expect(posts(alice.thread).at(-1)).toMatch(/longer than 1 second\b/))
})

test('symbols whose bars cannot be had are errors of their own, and the run goes on', async ({ alice }) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  bars.before = (symbol) => {
    if (symbol === 'S003') throw new Error('postgres://secret@host is away')
  }
  const { run } = await ask(parts, memberId)
  expect(await untilEnd(parts, run.id)).toMatchObject({ state: 'completed', completedItems: 31, errorCount: 1 })
  const [result] = await resultsOf(parts.db, run.id, { symbol: 'S003' })
  expect(JSON.stringify(result)).not.toContain('secret')
})

test('a failure of the whole ends the run with a sentence without a secret', async ({ alice }) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const lastDay = vi.spyOn(bars, 'lastDay').mockRejectedValue(new Error('password=hunter2'))
  const { run } = await ask(parts, memberId)
  const ended = await untilEnd(parts, run.id)
  lastDay.mockRestore()
  expect(ended).toMatchObject({ state: 'error', errorCode: 'RUN_FAILED' })
  expect(JSON.stringify(ended)).not.toContain('hunter2')
})
