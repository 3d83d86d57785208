import { sql } from 'kysely'
import { describe, expect } from 'vitest'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../commands/someone.ts'
import { type Flow, flows, type Step } from './flows.ts'

const clock = handClock('2026-11-20T15:00:00Z')
// Without a worker no run ends, so that all of them wait.
const { test, desk, market } = deskTest({ worker: false, clock, environment: { MAX_QUEUE_SIZE: '1000' } })
test.beforeEach(() => {
  market.set('BYND', '1.01')
  market.set('AAPL', '190')
})

async function begin({ before = [] }: Flow, who: Someone): Promise<void> {
  for (const text of before) {
    await who.say(text)
    clock.advance(1000)
  }
}

async function take({ say, hears }: Step, who: Someone): Promise<Reply[]> {
  clock.advance(1000)
  const replies = await who.hear(say)
  const text = replies.map((reply) => reply.text).join('\n\n')
  if (typeof hears === 'string') expect(text).toContain(hears)
  else expect(text).toMatch(hears)
  return replies
}

/** All rows that acting writes. */
async function traces() {
  const { rows } = await sql`
    select (select count(*) from orders) orders, (select count(*) from fills) fills,
      (select count(*) from scaleouts) scaleouts, (select count(*) from paper_orders) at_the_venue,
      (select count(*) from desk_events) events, (select coalesce(sum(signed_quantity), 0) from positions) open,
      (select count(*) from protective_orders where state = 'working') levels,
      (select count(*) from strategy_runs) runs, (select count(*) from strategy_schedules) schedules
  `.execute(desk.desk.parts.db)
  return rows[0]
}

describe.each(flows)('$name', (flow) => {
  test('goes from the command to its end', async ({ alice }) => {
    await begin(flow, alice)
    for (const step of flow.steps) await take(step, alice)
    await flow.ends?.(desk, alice)
  })

  test('goes on after a restart between any two steps', async ({ alice }) => {
    await begin(flow, alice)
    for (const step of flow.steps) {
      await take(step, alice)
      await desk.restart()
    }
    await flow.ends?.(desk, alice)
  })

  test('is over when a question was left for five minutes, and nothing is done', async () => {
    for (const [index] of flow.steps.slice(0, -1).entries()) {
      const alice = someone(desk)
      await begin(flow, alice)
      let question: Reply | undefined
      for (const step of flow.steps.slice(0, index + 1)) question = (await take(step, alice)).at(-1)
      expect(question?.question).toBeDefined()
      clock.advance(5 * 60_000)
      const before = await traces()
      const { say } = flow.steps[index + 1]!
      const [late] = question!.question!.kind === 'choice' ? await alice.press(question!, meantBy(question!, say)) : []
      if (late) expect(late).toMatchObject({ private: true, text: expect.stringContaining('has expired') })
      else expect(await alice.say(say)).toContain('has expired')
      expect(await traces()).toEqual(before)
    }
  })

  test('is one of its member: two of them in one thread do it side by side', async ({ alice }) => {
    const bob = someone(desk, undefined, alice.thread)
    await begin(flow, alice)
    await begin(flow, bob)
    for (const step of flow.steps) {
      await take(step, alice)
      await take(step, bob)
    }
    await flow.ends?.(desk, alice)
    await flow.ends?.(desk, bob)
  })
})

/** The choice that a typed answer means. */
function meantBy({ question }: Reply, said: string): string {
  const choice = question!.choices[Number(said) - 1] ?? question!.choices.find(({ value }) => value === said)
  return choice?.value ?? said
}
