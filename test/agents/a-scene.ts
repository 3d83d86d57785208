import { expect, onTestFinished } from 'vitest'
import { runAgent } from '../../src/agents/loop/run-agent.ts'
import type { AgentParts } from '../../src/agents/parts.ts'
import { agentsAtWork } from '../../src/agents/rows/agents.ts'
import type { Agent } from '../../src/agents/rules/agent.ts'
import { createReplayMarket } from '../../src/market/feeds/replay/replay.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'
import { type HandMarket, openTestDesk, type TestDesk } from '../support/desk.ts'
import { type Someone, someone } from '../talk/commands/someone.ts'
import { recordedFolder, swingingBars } from './recorded.ts'

/** Real milliseconds of a recorded day: more than the minute in which orders are counted. */
export const dayMs = 120_000

/** A desk without workers on recorded days, whose clock a test sets: a day ends when the test says so. */
export interface AgentScene {
  desk: TestDesk
  parts: AgentParts
  alice: Someone
  bob: Someone
  bars: Record<string, Columns>
  /** Lets days end; the present moment is at the open of the next. */
  days(count: number): void
  /** Makes an agent by the words of a member, and plays its backtest. */
  make(who: Someone, terms: string): Promise<Agent>
  /** Ends a day, and lets all agents do what they have to. */
  nextDay(): Promise<void>
}

/** Opens the scene on the day of this number. The recording has AAA and BBB, which swing. */
export async function openAgentScene(startAt = 60, count = 160): Promise<AgentScene> {
  const bars = { AAA: swingingBars(count), BBB: swingingBars(count, 5) }
  const folder = recordedFolder(bars)
  const begun = Date.now()
  let days = 0
  // A little after the open, as a worker is that looks every few seconds.
  const clock = { now: () => new Date(begun + days * dayMs + 1000), scale: 86_400_000 / dayMs }
  const from = bars.AAA.days[startAt]!
  const market = await createReplayMarket({ folder, from, clock, anchor: new Date(begun) })
  const desk = await openTestDesk({ market: market as unknown as HandMarket, clock, worker: false })
  onTestFinished(() => desk.close())
  const { parts } = desk.desk
  const runAll = async () => {
    for (const { id } of await agentsAtWork(parts.db)) await runAgent(parts, id)
  }
  const alice = someone(desk)
  return {
    ...{ desk, parts, alice, bob: someone(desk), bars },
    days(more) {
      days += more
    },
    async make(who, terms) {
      expect(await who.say(`agent new ${terms}`)).toMatch(/^🤖 MAKE AGENT /)
      const said = await who.say('1')
      const [, id] = /^🤖 AGENT (\d+) · /.exec(said) ?? []
      if (id === undefined) throw new Error(said)
      await runAgent(parts, Number(id))
      return (await agentsAtWork(parts.db)).find((one) => one.id === Number(id))!
    },
    async nextDay() {
      days++
      await runAll()
    },
  }
}

/** All that was told in the thread of somebody, in its order, posted or not. */
export async function toldTo({ parts }: AgentScene, { thread }: Someone): Promise<string[]> {
  const rows = await parts.db
    .selectFrom('replies as r')
    .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
    .where('c.key', 'like', `%${thread}`)
    .where('r.kind', '=', 'post')
    .select('r.body')
    .orderBy('r.id')
    .execute()
  return rows.map(({ body }) => (body as { text: string }).text)
}
