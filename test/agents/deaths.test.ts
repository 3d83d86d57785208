import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { chanceOf } from '../../models/random.ts'
import { runAgent } from '../../src/agents/loop/run-agent.ts'
import type { AgentParts } from '../../src/agents/parts.ts'
import { decisionsAbout } from '../../src/agents/rows/decisions.ts'
import type { Decision } from '../../src/agents/rules/agent.ts'
import { sweepOrders } from '../../src/trading/orders/sweep-orders.ts'
import { openAgentScene, toldTo } from './a-scene.ts'

/**
 * No worker runs the jobs that ask about an order without an answer, which a call that is slow on a busy machine leaves behind: its fill
 * is then found too late for the next day.
 */
const patience = { timeout: 240_000, retry: 3 }

class Dead extends Error {}

/** The parts of a process that dies at its query of this number: what was committed before stays, and nothing comes after. */
function mortal(parts: AgentParts, at: number): { parts: AgentParts; isDead(): boolean } {
  let queries = 0
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      queries += 1
      if (queries >= at) throw new Dead('the process is dead')
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return { parts: { ...parts, db: parts.db.withPlugin(plugin) }, isDead: () => queries >= at }
}

/** A decision without its moment: all that two undisturbed runs have in common. */
const shapeOf = ({ decidedAt: _, ...decision }: Decision) => JSON.stringify(decision)

test(
  'processes that die at any query, two at a time, decide and order as an undisturbed one does, and tell it once',
  patience,
  async () => {
    const scene = await openAgentScene()
    const { parts, alice, bob } = scene
    const terms = 'trend on AAA with sma-cross fast 3 slow 8 size 5%'
    const calm = await scene.make(alice, terms)
    const troubled = await scene.make(bob, terms)
    const chance = chanceOf(11)
    let deaths = 0
    const days = 40
    for (let day = 0; day < days; day++) {
      scene.days(1)
      // A worker's sweep records what a process that died after its call did not, long before the next close.
      await sweepOrders(parts)
      await runAgent(parts, calm.id)
      // Days without orders take some twelve queries, those with orders several times as many.
      for (const range of [60, 25, 90]) {
        const [one, other] = [
          mortal(parts, 1 + Math.floor(range * chance.next())),
          mortal(parts, 1 + Math.floor(range * chance.next())),
        ]
        await Promise.allSettled([runAgent(one.parts, troubled.id), runAgent(other.parts, troubled.id)])
        deaths += Number(one.isDead()) + Number(other.isDead())
      }
      await Promise.all([runAgent(parts, troubled.id), runAgent(parts, troubled.id)])
    }
    expect(deaths).toBeGreaterThan(days / 2)
    const [expected, found] = await Promise.all([calm, troubled].map(({ id }) => decisionsAbout(parts.db, id, 'AAA')))
    expect(expected!.filter(({ state }) => state === 'taken').length).toBeGreaterThanOrEqual(3)
    expect(found!.map(shapeOf)).toEqual(expected!.map(shapeOf))
    const ordersOf = async (id: number) =>
      (
        await parts.db
          .selectFrom('orders')
          .selectAll()
          .where('client_order_id', 'like', `agent-${id}-%`)
          .orderBy('client_order_id')
          .execute()
      ).map(({ client_order_id, side, filled_quantity, filled_value, state }) =>
        [client_order_id.replace(`agent-${id}-`, ''), side, filled_quantity, filled_value, state].join(' '),
      )
    expect(await ordersOf(troubled.id)).toEqual(await ordersOf(calm.id))
    const lines = (told: string[], id: number) =>
      told.filter((text) => text.startsWith(`🤖 AGENT ${id} `)).map((text) => text.replace(`AGENT ${id}`, 'AGENT'))
    expect(lines(await toldTo(scene, bob), troubled.id).slice(-days)).toEqual(
      lines(await toldTo(scene, alice), calm.id).slice(-days),
    )
  },
)
