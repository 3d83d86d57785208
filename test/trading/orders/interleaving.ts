import { expect, vi } from 'vitest'
import type { TestDesk } from '../../support/desk.ts'
import fc from '../../support/fast-check.ts'
import type { Someone } from '../../talk/commands/someone.ts'
import { isAtRest } from './books.ts'

/** A property of a desk on which acts come together: how a run begins, what is done in it, and what is true afterwards. */
export interface Interleaving<Act, Drawn, Scene> {
  /** Acts of one group come at the same time, groups one after another. */
  groups: fc.Arbitrary<Act[][]>
  /** Draws more for a run, such as the doings of the venue. */
  drawn: fc.Arbitrary<Drawn>
  begin(drawn: Drawn): Promise<Scene>
  act(scene: Scene, act: Act): Promise<unknown>
  /** Expects what is true after each group. */
  between?(scene: Scene): Promise<unknown>
  /** Waits until everything has ended. */
  settle?(scene: Scene): Promise<unknown>
  /** Expects that the books add up. */
  check(scene: Scene): Promise<unknown>
  /** Leaves nothing to the next run, once a run has held. */
  leave?(scene: Scene): Promise<unknown>
  /** Closes what a run has opened, also when it has not held. */
  close?(scene: Scene): Promise<unknown>
}

/** Draws groups of acts. */
export function groupsOf<Act>(
  act: fc.Arbitrary<Act>,
  of: { acts: [least: number, most: number]; groups: [least: number, most: number] },
): fc.Arbitrary<Act[][]> {
  const [fewest, most] = of.acts
  const [shortest, longest] = of.groups
  return fc.array(fc.array(act, { minLength: fewest, maxLength: most }), { minLength: shortest, maxLength: longest })
}

/** Expects that a property holds in so many runs. A failure is not shrunk: time has gone on, and it would not come again. */
export async function expectToHold<Act, Drawn, Scene>(
  of: Interleaving<Act, Drawn, Scene>,
  parameters: { numRuns: number; endOnFailure?: boolean; seed?: number; path?: string },
): Promise<void> {
  const run = async (drawn: Drawn, groups: Act[][]) => {
    const scene = await of.begin(drawn)
    try {
      for (const group of groups) {
        await Promise.all(group.map((act) => of.act(scene, act)))
        await of.between?.(scene)
      }
      await of.settle?.(scene)
      await of.check(scene)
      await of.leave?.(scene)
    } finally {
      await of.close?.(scene)
    }
  }
  await fc.assert(fc.asyncProperty(of.drawn, of.groups, run), { endOnFailure: true, ...parameters })
}

/** Draws what a venue does with the calls to come: takes an order, refuses it, loses it, or takes it and loses the answer. */
export const fates = (most: number, taken = 3): fc.Arbitrary<string[]> =>
  fc.array(fc.constantFrom(...Array<string>(taken).fill('taken'), 'refused', 'lost', 'answer lost'), {
    maxLength: most,
  })

/** Waits until nothing runs and every close at once is settled. `first` is done before each look. */
export async function comesToRest(desk: TestDesk, first: () => Promise<unknown> = async () => {}): Promise<void> {
  const critical = () =>
    desk.desk.parts.db
      .selectFrom('desk_events')
      .select('id')
      .where('urgency', '=', 'CRITICAL')
      .where('settled_at', 'is', null)
      .execute()
  const check = async () => {
    await first()
    expect(await isAtRest(desk)).toBe(true)
    expect(await critical()).toEqual([])
  }
  await vi.waitFor(check, { interval: 20 })
}

/** Types a message and answers whatever is asked: as `answers` say by the name of the question, else with the first choice. */
export async function sayAndAnswer(person: Someone, text: string, answers: Record<string, string>): Promise<void> {
  let replies = await person.hear(text)
  for (let asked = 0; asked < 3; asked++) {
    for (const { text } of replies) expect(text).not.toContain('could not finish') // no deadlock
    const reply = replies.find(({ question }) => question)
    const choices = reply?.question?.choices ?? []
    if (!reply?.question || choices.length === 0) return
    const wanted = answers[reply.question.name]
    replies = await person.press(reply, choices.some(({ value }) => value === wanted) ? wanted! : choices[0]!.value)
  }
}

/** Types a message and presses one answer for each question that comes back at once. */
export async function sayAndPress(person: Someone, text: string, answer: string): Promise<void> {
  for (const reply of await person.hear(text)) {
    if (reply.question) await person.press(reply, text.startsWith('long') ? 'add' : answer)
  }
}

/** Two people, each in the same two threads: by person, then by thread. */
export const inTwoThreads = ([alice, bob]: [Someone, Someone]): Someone[][] =>
  [alice, bob].map((one) => [one, one.in(`${alice.thread}-other`)])
