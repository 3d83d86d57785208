import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, expect } from 'vitest'
import { claimNext } from '../../../src/strategies/runs/perform/claim.ts'
import { type Performance, performRun } from '../../../src/strategies/runs/perform/perform-run.ts'
import { resultsOf } from '../../../src/strategies/runs/rows/results.ts'
import { runById } from '../../../src/strategies/runs/rows/runs.ts'
import { isEnd } from '../../../src/strategies/runs/rules/run-state.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'
import { ask, known } from './asking.ts'
import { madeBars } from './made-bars.ts'

const symbols = 70
const bars = madeBars(symbols)
const { test, desk } = deskTest({ worker: false, runs: { bars } })

afterEach(() => {
  bars.before = () => {}
})

/** A worker that ends in the middle, or one that is taken for lost and goes on all the same. */
interface Interruption {
  kind: 'ends' | 'taken for lost'
  /** After so many symbols were read, or so many results were kept. */
  after: { read: number } | { kept: number }
}

const interruption: fc.Arbitrary<Interruption> = fc.record({
  kind: fc.constantFrom('ends', 'taken for lost'),
  after: fc.oneof(
    fc.record({ read: fc.integer({ min: 1, max: symbols }) }),
    fc.record({ kept: fc.integer({ min: 1, max: symbols }) }),
  ),
})

/** Works on a run with these interruptions, one attempt after the other, until it has ended. Returns the number of attempts. */
async function performInterrupted(id: number, interruptions: readonly Interruption[]): Promise<number> {
  const { parts } = desk.desk
  const all: Performance[] = []
  for (const [index, { kind, after }] of interruptions.entries()) {
    const run = await claimNext(parts, `worker-${index}`)
    if (!run) break
    const performance = performRun(parts, run)
    all.push(performance)
    await reached(id, performance, after)
    if (kind === 'ends') {
      performance.close()
      await performance.done
    } else {
      await sql`update strategy_runs set heartbeat_at = now() - interval '1 minute', losses = 0
        where id = ${id} and ended_at is null`.execute(parts.db)
    }
  }
  for (let run = await claimNext(parts, 'last'); run; run = await claimNext(parts, 'last')) {
    const performance = performRun(parts, run)
    all.push(performance)
    await performance.done
  }
  await Promise.all(all.map(({ done }) => done))
  return all.length
}

/** Resolves when the run has come so far, or has ended. */
async function reached(id: number, { done }: Performance, after: Interruption['after']): Promise<void> {
  const { db } = desk.desk.parts
  const isDone = done.then(() => true)
  if ('read' in after) {
    let read = 0
    const { promise, resolve } = Promise.withResolvers<boolean>()
    bars.before = () => {
      if (++read >= after.read) resolve(true)
    }
    await Promise.race([promise, isDone])
    return
  }
  const sooner = wait(1, false)
  while (!(await Promise.race([isDone, sooner]))) {
    const run = await runById(db, id)
    if (!run || isEnd(run.state) || run.completedItems >= after.kept) return
  }
}

test('however often its workers end or are taken for lost, a run has the results of an undisturbed one, each once', async ({
  alice,
}) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const undisturbed = (await ask(parts, memberId, { parameters: { max_workers: 1 } })).run
  await performRun(parts, (await claimNext(parts, 'alone'))!).done
  const expected = await resultsOf(parts.db, undisturbed.id, { most: 1000 })
  expect(expected).toHaveLength(symbols + 1)
  let attempts = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(interruption, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (given, threads) => {
        const { run } = await ask(parts, memberId, { parameters: { max_workers: threads } })
        attempts += await performInterrupted(run.id, given)
        const ended = (await runById(parts.db, run.id))!
        expect(ended).toMatchObject({ state: 'completed', progressPercent: 100, completedItems: symbols + 1 })
        expect(await resultsOf(parts.db, run.id, { most: 1000 })).toEqual(expected)
        const count = (outcome: string) => expected.filter((one) => one.outcome === outcome).length
        expect([ended.passedCount, ended.skippedCount, ended.errorCount]).toEqual(
          ['passed', 'skipped', 'error'].map(count),
        )
      },
    ),
    { numRuns: 8 },
  )
  // They were interrupted indeed.
  expect(attempts).toBeGreaterThan(10)
}, 240_000)

test('the symbols, the day and the strengths of the first attempt stay', async ({ alice }) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const { run } = await ask(parts, memberId)
  const first = performRun(parts, (await claimNext(parts, 'first'))!)
  await reached(run.id, first, { kept: 1 })
  first.close()
  await first.done
  const fixed = () =>
    parts.db
      .selectFrom('strategy_runs')
      .select(['symbols', 'as_of', 'strengths'])
      .where('id', '=', run.id)
      .executeTakeFirst()
  const before = await fixed()
  expect(Object.keys(before?.strengths ?? {})).toHaveLength(symbols + 1)
  const today = bars.lastDay
  bars.lastDay = async () => '2026-11-20'
  const second = await claimNext(parts, 'second')
  if (second) await performRun(parts, second).done
  bars.lastDay = today
  expect(await fixed()).toEqual(before)
  expect((await runById(parts.db, run.id))?.state).toBe('completed')
})

test('a run that ends its workers one after the other ends itself, with a sentence', async ({ alice }) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const { run } = await ask(parts, memberId)
  for (let lost = 0; lost < 3; lost++) {
    expect((await claimNext(parts, `worker-${lost}`))?.id).toBe(run.id)
    await sql`update strategy_runs set heartbeat_at = now() - interval '1 minute' where id = ${run.id}`.execute(
      parts.db,
    )
  }
  expect(await claimNext(parts, 'worker')).toBeUndefined()
  expect(await runById(parts.db, run.id)).toMatchObject({ state: 'error', errorCode: 'RUN_LOST' })
})

test('a run that was being cancelled when its worker was lost is cancelled', async ({ alice }) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const { run } = await ask(parts, memberId)
  await claimNext(parts, 'worker')
  await sql`update strategy_runs set state = 'cancelling', heartbeat_at = now() - interval '1 minute' where id = ${run.id}`.execute(
    parts.db,
  )
  expect(await claimNext(parts, 'another')).toBeUndefined()
  expect((await runById(parts.db, run.id))?.state).toBe('cancelled')
})

test('a database that fails says nothing about the run: it goes on where it was', async ({ alice }) => {
  const { parts } = desk.desk
  const { memberId } = await known(desk.desk, alice)
  const { run } = await ask(parts, memberId)
  await sql`alter table strategy_results rename to strategy_results_away`.execute(parts.db)
  await performRun(parts, (await claimNext(parts, 'first'))!).done
  await sql`alter table strategy_results_away rename to strategy_results`.execute(parts.db)
  const left = (await runById(parts.db, run.id))!
  expect(isEnd(left.state)).toBe(false)
  // It is not taken up while its worker may still be there.
  expect(await claimNext(parts, 'second')).toBeUndefined()
  await sql`update strategy_runs set heartbeat_at = now() - interval '1 minute' where id = ${run.id}`.execute(parts.db)
  await performRun(parts, (await claimNext(parts, 'second'))!).done
  expect(await runById(parts.db, run.id)).toMatchObject({ state: 'completed', completedItems: symbols + 1, attempt: 2 })
})
