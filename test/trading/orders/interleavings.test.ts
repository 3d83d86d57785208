import { expect, vi } from 'vitest'
import type { TestDesk } from '../../support/desk.ts'
import fc from '../../support/fast-check.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp } from './books.ts'
import {
  comesToRest,
  expectToHold,
  fates,
  groupsOf,
  type Interleaving,
  inTwoThreads,
  sayAndPress,
} from './interleaving.ts'
import { moodyTest, timeScale, twoWorkerTest } from './two-workers.ts'

/** A step of one of two people in one of two threads. */
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

/** Two people take steps; the chunks come in whenever they are due. */
const onDesk = (desk: TestDesk): Omit<Interleaving<Step, string[], Someone[][]>, 'drawn'> => ({
  groups: groupsOf(steps, { acts: [1, 4], groups: [1, 6] }),
  async begin() {
    const alice = someone(desk)
    const bob = someone(desk, undefined, alice.thread)
    for (const one of [alice, bob]) await one.say('long BYND 100 @ 1.003')
    return inTwoThreads([alice, bob])
  },
  act(people, step) {
    desk.market.set('BYND', step.bid)
    return sayAndPress(people[step.who]![step.thread]!, step.text, step.answer)
  },
  settle: () => comesToRest(desk),
  check: () => expectBooksToAddUp(desk),
})

const calm = twoWorkerTest({ timeScale })

calm.test(
  'whatever comes together, nothing is sold that is not there, and all books add up',
  async () => {
    await expectToHold({ ...onDesk(calm.desk), drawn: fc.constant<string[]>([]) }, { numRuns: 20 })
    await expectEveryEndToBeTold(calm.desk)
  },
  180_000,
)

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
  const rows = await vi.waitFor(told, { interval: 20 })
  for (const scaleout of await db.selectFrom('scaleouts').selectAll().execute()) {
    const texts = rows.filter(({ scaleout_id }) => scaleout_id === scaleout.id).map(({ body }) => body.text)
    const begins = (mark: string) => texts.filter((text) => text.startsWith(mark)).length
    expect(begins('🔄')).toBe(1)
    expect(begins('🎉')).toBe(scaleout.state === 'complete' ? 1 : 0)
    expect(begins('✓ Chunk')).toBe(scaleout.done_chunks - begins('🎉'))
  }
}

const moody = moodyTest({ sweepEveryMs: 100 })

moody.test(
  'the same holds when the venue refuses orders, loses them, or takes them and loses the answer',
  async () => {
    const property = onDesk(moody.desk)
    const begin = async (drawn: string[]) => {
      moody.draw(drawn)
      return property.begin(drawn)
    }
    await expectToHold({ ...property, drawn: fates(12), begin }, { numRuns: 5 })
  },
  90_000,
)
