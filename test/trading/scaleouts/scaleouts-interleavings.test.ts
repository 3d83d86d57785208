import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { startWorker } from '../../../jobs/worker.ts'
import { wording } from '../../../src/talk/wording/index.ts'
import { lockGroups } from '../../../src/trading/scaleouts/rows/scaleout-groups.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp, isAtRest } from '../orders/books.ts'
import { hurriedClock, moody } from '../orders/moody.ts'

/** A fast scaleout takes some 40 ms. */
const timeScale = 3600

/** What one of two people does in one of two threads, or what happens to the desk. */
interface Step {
  who: 0 | 1
  thread: 0 | 1
  text: string
  bid: string
}

const count = fc.integer({ min: 1, max: 60 })
const steps: fc.Arbitrary<Step> = fc.record({
  who: fc.constantFrom(0, 0, 0, 1) as fc.Arbitrary<0 | 1>,
  thread: fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>,
  text: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'scaleout all fast',
        'scaleout BYND AAPL fast',
        'scaleout AAPL BYND half fast',
        'scaleout all',
        'scaleout AAPL fast',
      ),
    },
    { weight: 3, arbitrary: fc.constantFrom('cancel scaleout all', 'cancel scaleout BYND', 'cancel scaleout') },
    { weight: 3, arbitrary: count.map((quantity) => `trim AAPL ${quantity}`) },
    { weight: 3, arbitrary: fc.constantFrom('close BYND now', 'close AAPL now', 'close AAPL @ 1.10', 'close all') },
    { weight: 2, arbitrary: fc.constantFrom('stop BYND .96', 'stop AAPL 1') },
    { weight: 2, arbitrary: count.map((quantity) => `long BYND ${quantity} @ 0.97`) },
    { weight: 1, arbitrary: fc.constant('(Redis is emptied)') },
  ),
  bid: fc.constantFrom('0.95', '1', '1.01', '1.13'),
})
const groups = fc.array(fc.array(steps, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })

/** Answers every question: go on, at once, add to the open position. */
const answers: Record<string, string> = { speed: 'fast', go: 'yes', which: 'group', existing: 'add', how: 'add' }

async function take(desk: TestDesk, people: Someone[][], step: Step): Promise<void> {
  const person = people[step.who]![step.thread]!
  if (step.text.startsWith('(')) return void (await desk.desk.parts.redis.flushall())
  for (const symbol of ['BYND', 'AAPL']) desk.market.set(symbol, step.bid)
  let replies = await person.hear(step.text)
  for (let asked = 0; asked < 3; asked++) {
    for (const { text } of replies) expect(text).not.toContain('could not finish') // no deadlock
    const reply = replies.find(({ question }) => question)
    const choices = reply?.question?.choices ?? []
    if (!reply?.question || choices.length === 0) return
    const wanted = answers[reply.question.name]
    replies = await person.press(reply, choices.some(({ value }) => value === wanted) ? wanted! : choices[0]!.value)
  }
}

/** Two people, each in the same two threads, with two positions each. */
async function twoPeople(desk: TestDesk): Promise<Someone[][]> {
  const alice = someone(desk)
  const bob = someone(desk, undefined, alice.thread)
  const other = `${alice.thread}-other`
  for (const symbol of ['BYND', 'AAPL']) {
    desk.market.set(symbol, '1.01')
    for (const one of [alice, bob]) await one.say(`long ${symbol} 100 @ 1.003`)
  }
  return [alice, bob].map((one) => [one, one.in(other)])
}

/** Takes back resting orders and waits until everything has ended. */
async function comesToRest(desk: TestDesk, people: Someone[][]): Promise<void> {
  const check = async () => {
    for (const [person] of people) await person!.hear('cancel all')
    expect(await isAtRest(desk)).toBe(true)
  }
  await vi.waitFor(check, { timeout: 25_000, interval: 50 })
}

/** Every group has ended with one total, its message shows that, and each of its scaleouts has ended. */
async function expectGroupsToBeTold(desk: TestDesk): Promise<void> {
  const { db } = desk.desk.parts
  const ids = (await db.selectFrom('scaleout_groups').select('id').execute()).map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(0)
  const rows = await db
    .selectFrom('replies')
    .select(['id', 'kind', 'body', 'edits', 'scaleout_id'])
    .orderBy('id')
    .execute()
  for (const group of await db.transaction().execute((trx) => lockGroups(trx, ids))) {
    expect(group.state).toBe('ended')
    const own = new Set(group.scaleouts.map(({ id }) => id))
    const totals = rows.filter(
      ({ kind, body, scaleout_id }) =>
        kind === 'post' && own.has(scaleout_id!) && /^(🎉|🏁).* positions/.test(body.text),
    )
    expect(totals).toHaveLength(1)
    const edits = rows.filter(({ edits }) => edits === group.announcement)
    expect(edits.at(-1)?.body.text).toBe(wording({ kind: 'scaleouts.started', group }).text)
  }
}

test('whatever comes between scaleouts of several, nothing is sold twice, all books add up and every total is told once', async () => {
  const drawn: string[] = []
  const desk = await openTestDesk({
    timeScale,
    clock: hurriedClock(timeScale),
    sweepEveryMs: 100,
    venue: (paper) => moody(paper, () => drawn.shift()),
  })
  const second = startWorker(desk.desk, { sweepEveryMs: 100 }) // another machine's worker takes jobs as well
  try {
    await fc.assert(
      fc.asyncProperty(
        groups,
        fc.array(fc.constantFrom('taken', 'taken', 'taken', 'refused', 'lost', 'answer lost'), { maxLength: 6 }),
        async (all, fates) => {
          const people = await twoPeople(desk)
          drawn.splice(0, drawn.length, ...fates)
          for (const group of all) await Promise.all(group.map((step) => take(desk, people, step)))
          await comesToRest(desk, people)
          await expectBooksToAddUp(desk)
        },
      ),
      { numRuns: 8, endOnFailure: true },
    )
    await expectGroupsToBeTold(desk)
  } finally {
    await second.close()
    await desk.close()
  }
}, 180_000)
