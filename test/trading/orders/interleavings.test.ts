import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Running, startWorker } from '../../../jobs/worker.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp, isAtRest } from './books.ts'
import { hurriedClock, moody } from './moody.ts'

/** A fast scaleout takes some 40 ms. */
const timeScale = 3600

/** What one of two people does in one of two threads. */
interface Step {
  who: 0 | 1
  thread: 0 | 1
  text: string
  /** The answer that is pressed at once when a question comes back. */
  answer: string
  bid: string
}

const count = fc.integer({ min: 1, max: 60 })
const steps: fc.Arbitrary<Step> = fc.record({
  who: fc.constantFrom(0, 0, 0, 1) as fc.Arbitrary<0 | 1>,
  thread: fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>,
  text: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('scaleout BYND fast', 'scaleout BYND fast half', 'scaleout BYND') },
    { weight: 2, arbitrary: count.map((quantity) => `scaleout BYND fast ${quantity}`) },
    { weight: 3, arbitrary: count.map((quantity) => `trim BYND ${quantity}`) },
    { weight: 2, arbitrary: fc.constantFrom('sell half BYND', 'trim BYND 30%') },
    { weight: 3, arbitrary: count.map((quantity) => `long BYND ${quantity} @ 0.97`) },
    { weight: 2, arbitrary: fc.constant('cancel scaleout BYND') },
    { weight: 1, arbitrary: fc.constant('close BYND now') },
  ),
  answer: fc.constantFrom('add', 'fast'),
  bid: fc.constantFrom('0.95', '1', '1.01', '1.13'),
})
/** Steps of one group happen at the same time; chunks come whenever they are due. */
const groups = fc.array(fc.array(steps, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })

async function take(desk: TestDesk, people: Someone[][], step: Step): Promise<void> {
  const person = people[step.who]![step.thread]!
  desk.market.set('BYND', step.bid)
  for (const reply of await person.hear(step.text)) {
    if (reply.question) await person.press(reply, step.text.startsWith('long') ? 'add' : step.answer)
  }
}

/** Two people, each in the same two threads, with a position each. */
async function twoPeople(desk: TestDesk): Promise<Someone[][]> {
  const alice = someone(desk)
  const bob = someone(desk, undefined, alice.thread)
  const other = `${alice.thread}-other`
  for (const one of [alice, bob]) await one.say('long BYND 100 @ 1.003')
  return [alice, bob].map((one) => [one, one.in(other)])
}

async function comesToRest(desk: TestDesk): Promise<void> {
  await vi.waitFor(async () => expect(await isAtRest(desk)).toBe(true), { timeout: 25_000, interval: 10 })
}

test('whatever comes together, nothing is sold that is not there, and all books add up', async () => {
  const desk = await openTestDesk({ timeScale })
  const second = startWorker(desk.desk) // another machine's worker takes jobs as well
  try {
    await fc.assert(
      fc.asyncProperty(groups, async (all) => {
        const people = await twoPeople(desk)
        for (const group of all) await Promise.all(group.map((step) => take(desk, people, step)))
        await comesToRest(desk)
        await expectBooksToAddUp(desk)
      }),
      { numRuns: 40, endOnFailure: true },
    )
    await expectEveryEndToBeTold(desk)
  } finally {
    await second.close()
    await desk.close()
  }
}, 180_000)

/** The thread of every scaleout shows each chunk and one end, each once. */
async function expectEveryEndToBeTold(desk: TestDesk): Promise<void> {
  const { db } = desk.desk.parts
  const told = async () => {
    const rows = await db
      .selectFrom('replies')
      .select(['body', 'scaleout_id', 'state'])
      .where('kind', '=', 'post')
      .where('scaleout_id', 'is not', null)
      .orderBy('id')
      .execute()
    expect(rows.filter(({ state }) => state !== 'posted')).toEqual([])
    return rows
  }
  const rows = await vi.waitFor(told, { timeout: 10_000, interval: 20 })
  for (const scaleout of await db.selectFrom('scaleouts').selectAll().execute()) {
    const texts = rows.filter(({ scaleout_id }) => scaleout_id === scaleout.id).map(({ body }) => body.text)
    const begins = (mark: string) => texts.filter((text) => text.startsWith(mark)).length
    expect(begins('🔄')).toBe(1)
    expect(begins('🎉')).toBe(scaleout.state === 'complete' ? 1 : 0)
    expect(begins('✓ Chunk')).toBe(scaleout.done_chunks - begins('🎉'))
  }
}

/** The venue's ways with an order: takes it, refuses it, loses it, or takes it and loses the answer. */
const fates = fc.constantFrom('taken', 'taken', 'taken', 'refused', 'lost', 'answer lost')

let ahead: string[] = []
let moodyDesk: TestDesk
let worker: Running
beforeAll(async () => {
  moodyDesk = await openTestDesk({
    clock: hurriedClock(timeScale),
    sweepEveryMs: 100,
    venue: (paper) => moody(paper, () => ahead.shift()),
  })
  worker = startWorker(moodyDesk.desk, { sweepEveryMs: 100 })
})
afterAll(async () => {
  await worker.close()
  await moodyDesk.close()
})

test('the same holds when the venue refuses orders, loses them, or takes them and loses the answer', async () => {
  await fc.assert(
    fc.asyncProperty(groups, fc.array(fates, { maxLength: 12 }), async (all, drawn) => {
      ahead = [...drawn]
      const people = await twoPeople(moodyDesk)
      for (const group of all) await Promise.all(group.map((step) => take(moodyDesk, people, step)))
      await comesToRest(moodyDesk)
      await expectBooksToAddUp(moodyDesk)
    }),
    { numRuns: 8, endOnFailure: true },
  )
}, 90_000)
