import { test } from 'vitest'
import { calm, type Difficulty } from '../../contracts/venues/difficult/difficulties.ts'
import fc from '../../support/fast-check.ts'
import type { Someone } from '../../talk/commands/someone.ts'
import { type DifficultDesk, openDifficultDesk } from './difficult-desk.ts'
import { expectToHold, groupsOf, sayAndAnswer } from './interleaving.ts'

const quantity = fc.integer({ min: 1, max: 60 })
const cents = (min: number, max: number) => fc.integer({ min, max }).map((price) => (price / 100).toFixed(2))
const price = cents(90, 112)

const amount = (text: string, at: fc.Arbitrary<string>) =>
  fc.tuple(quantity, at).map(([units, dollars]) => `${text} BYND ${units} @ ${dollars}`)

/** Words that a member types; questions are answered at once. BYND starts at $1.00. */
const words = fc.oneof(
  { weight: 1, arbitrary: amount('long', price) },
  { weight: 3, arbitrary: quantity.map((units) => `buy BYND ${units}`) },
  { weight: 3, arbitrary: amount('buy', cents(92, 100)) },
  { weight: 5, arbitrary: amount('sell', cents(100, 112)) },
  { weight: 3, arbitrary: quantity.map((units) => `trim BYND ${units}`) },
  { weight: 4, arbitrary: fc.constantFrom('scaleout BYND fast', 'scaleout BYND fast half', 'scaleout BYND fast 30') },
  { weight: 2, arbitrary: fc.constantFrom('stop BYND .95', 'target BYND 1.10', 'stop off', 'target off') },
  { weight: 3, arbitrary: fc.constantFrom('close BYND now', 'close BYND half now', 'close BYND @ 1.05', 'close all') },
  { weight: 6, arbitrary: fc.constantFrom('cancel', 'cancel all', 'cancel all', 'cancel scaleout BYND') },
  { weight: 3, arbitrary: fc.tuple(fc.integer({ min: 1, max: 5 }), price).map(([nth, at]) => `move ${nth} ${at}`) },
)
const act = fc.oneof(
  { weight: 10, arbitrary: fc.record({ who: fc.constantFrom(0, 0, 1), says: words }) },
  { weight: 3, arbitrary: fc.record({ price }) },
  { weight: 3, arbitrary: fc.record({ venueMs: fc.constantFrom(1000, 5000, 20_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({ outageMs: fc.constantFrom(2000, 5000, 5000, 20_000, 100_000), hangs: fc.boolean() }),
  },
)
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never

/** Difficulties that prevent most fills are rare; otherwise little else would happen. */
const ends: Difficulty[] = ['halts', 'iocs', 'expiries', 'lateRefusals', 'refusals', 'lastingRefusals', 'lostRequests']
const others = (Object.keys(calm) as Difficulty[]).filter((name) => !ends.includes(name))
/** A few difficulties, each for some of the orders, calls and events, or for all. */
const difficulties = fc.uniqueArray(
  fc.oneof(
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...ends), fc.constantFrom(0.1, 0.2)) },
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...others), fc.constantFrom(0.2, 0.5, 1)) },
  ),
  { selector: ([difficulty]) => difficulty, minLength: 2, maxLength: 10 },
)

/** Answers every question: go on, at once, add to the open position. */
const answers: Record<string, string> = { speed: 'fast', go: 'yes', existing: 'add', how: 'add' }

interface Scene {
  desk: DifficultDesk
  people: Someone[]
}

async function take({ desk, people }: Scene, given: Act): Promise<void> {
  if ('says' in given) await sayAndAnswer(people[given.who]!, given.says, answers)
  else if ('price' in given) desk.price('BYND', given.price)
  else if ('venueMs' in given) await desk.letPass(given.venueMs)
  else desk.venue.breakDown(given.outageMs, given)
}

async function begin([seed, drawn]: [number, [Difficulty, number][]]): Promise<Scene> {
  const desk = await openDifficultDesk(seed)
  desk.price('BYND', '1.00')
  const people = [desk.newcomer(), desk.newcomer()]
  for (const person of people) await person.say('long BYND 100 @ 1')
  desk.venue.become(Object.fromEntries(drawn))
  return { desk, people }
}

// RUNS=500 tries more runs, SEED=random others; SEED and RUN_PATH repeat a failed run.
const { RUNS = '16', SEED, RUN_PATH } = process.env
const again = RUN_PATH === undefined ? {} : { seed: Number(SEED), path: RUN_PATH }

test('whatever a venue does, no order is sent twice, and the books are the venue’s at rest', {
  timeout: Number(RUNS) * 30_000,
}, async () => {
  await expectToHold(
    {
      groups: groupsOf(act, { acts: [2, 6], groups: [4, 8] }),
      drawn: fc.tuple(fc.integer(), difficulties),
      begin,
      act: take,
      between: ({ desk }) => desk.expectReservationsToFit(),
      check: ({ desk }) => desk.expectToComeToRest(),
      close: ({ desk }) => desk.close(),
    },
    { numRuns: Number(RUNS), ...again },
  )
})
