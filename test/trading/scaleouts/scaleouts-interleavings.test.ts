import { expect } from 'vitest'
import { wording } from '../../../src/talk/wording/index.ts'
import { lockGroups } from '../../../src/trading/scaleouts/rows/scaleout-groups.ts'
import fc from '../../support/fast-check.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp } from '../orders/books.ts'
import { comesToRest, expectToHold, fates, groupsOf, inTwoThreads, sayAndAnswer } from '../orders/interleaving.ts'
import { moodyTest, timeScale } from '../orders/two-workers.ts'

const { test, desk, market, draw } = moodyTest({ timeScale, sweepEveryMs: 100 })

/** A step of one of two people in one of two threads, or of the desk. */
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

/** Answers every question: go on, at once, add to the open position. */
const answers: Record<string, string> = { speed: 'fast', go: 'yes', which: 'group', existing: 'add', how: 'add' }

async function take(people: Someone[][], step: Step): Promise<void> {
  if (step.text.startsWith('(')) return void (await desk.desk.parts.redis.flushall())
  for (const symbol of ['BYND', 'AAPL']) market.set(symbol, step.bid)
  await sayAndAnswer(people[step.who]![step.thread]!, step.text, answers)
}

/** Two people, each in the same two threads, with two positions each. */
async function twoPeople(): Promise<Someone[][]> {
  const alice = someone(desk)
  const bob = someone(desk, undefined, alice.thread)
  for (const symbol of ['BYND', 'AAPL']) {
    market.set(symbol, '1.01')
    for (const one of [alice, bob]) await one.say(`long ${symbol} 100 @ 1.003`)
  }
  return inTwoThreads([alice, bob])
}

/** Takes back resting orders and waits until everything has ended. */
async function expectGroupsToBeTold(): Promise<void> {
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
  await expectToHold(
    {
      groups: groupsOf(steps, { acts: [1, 4], groups: [1, 6] }),
      drawn: fates(6),
      async begin(drawn) {
        const people = await twoPeople()
        draw(drawn)
        return people
      },
      act: take,
      /** Orders that rest at the venue are taken back; then everything ends. */
      settle: (people) =>
        comesToRest(desk, async () => {
          for (const [person] of people) await person!.hear('cancel all')
        }),
      check: () => expectBooksToAddUp(desk),
    },
    { numRuns: 8 },
  )
  await expectGroupsToBeTold()
})
