import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { announceInThread } from '../../../src/watch/alerts/tell.ts'
import type { Someone } from '../../talk/commands/someone.ts'
import { minute, sceneTest, seen } from './scene.ts'

const { test, scene } = sceneTest()
const rulesOnly = sceneTest({})

const near = (price: string, times = '') =>
  `⚠️ STOP APPROACHING — BYND${times}\nLONG 3,750 @ $0.63 · now $${price} · stop $0.55 (1.96% away)`

const counted = (times: number, quantity: string) =>
  `⚠️ STOP APPROACHING — BYND ×${times}, last $0.554\nNow: LONG ${quantity} BYND @ $0.63`

describe('repeats', () => {
  test('are counted in one message, with the last price', async () => {
    const alice = await scene.holder()
    for (const price of ['0.561', '0.56', '0.554']) await scene.told(alice, 'position.stop_approaching', price)
    expect(await scene.said(alice.thread)).toEqual([
      near('0.561'),
      `✎ ${near('0.561', ' ×2, last $0.56')}`,
      `✎ ${near('0.561', ' ×3, last $0.554')}`,
    ])
    expect(await scene.tones(alice.thread)).toEqual(['warning', 'warning', 'warning'])
  })

  test('begin anew after ten minutes', async () => {
    const alice = await scene.holder()
    await scene.told(alice, 'position.stop_approaching')
    scene.clock.advance(10 * minute)
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(alice.thread)).toEqual([near('0.561'), near('0.561')])
  })

  test('are those of the same position and type', async () => {
    const alice = await scene.holder()
    await scene.told(alice, 'position.stop_approaching')
    await scene.told(alice, 'position.time_decay')
    expect((await scene.said(alice.thread)).filter((text) => text.startsWith('✎'))).toEqual([])
  })

  test('are counted to the last one, when they come all at once', async () => {
    const alice = await scene.holder()
    const ids: number[] = []
    for (let n = 0; n < 20; n += 1) ids.push(await scene.happens(alice, 'position.stop_approaching'))
    await Promise.all(ids.map((id) => scene.tell(id)))
    const said = await scene.said(alice.thread)
    expect(said.filter((text) => !text.startsWith('✎'))).toHaveLength(1)
    expect(said.at(-1)).toContain('×20, last $0.561')
  })

  test('do not use up the messages of the minute', async () => {
    const alice = await scene.holder()
    for (let n = 0; n < 15; n += 1) await scene.told(alice, 'position.stop_approaching')
    await scene.told(alice, 'position.time_decay')
    expect((await scene.said(alice.thread)).at(-1)).toMatch(/^⏳ OPEN FOR LONG/)
  })

  test('become one message after the window, where messages cannot be edited', async () => {
    const alice = await scene.holder()
    await onTerminal(alice)
    for (const price of ['0.561', '0.56', '0.554']) await scene.told(alice, 'position.stop_approaching', price)
    await scene.sweep()
    expect(await scene.said(alice.thread)).toEqual([near('0.561')])
    scene.clock.advance(10 * minute)
    await Promise.all([scene.sweep(), scene.sweep()])
    expect(await scene.said(alice.thread)).toEqual([near('0.561'), counted(3, '3,750')])
  })

  test('in a new message tell of the position as it is, and of none that is closed', async () => {
    for (const [what, ...after] of [['sell 3000', counted(2, '750')], ['close now']] as const) {
      const alice = await scene.holder()
      await onTerminal(alice)
      for (const price of ['0.561', '0.554']) await scene.told(alice, 'position.stop_approaching', price)
      await alice.say(what)
      scene.clock.advance(10 * minute)
      await scene.sweep()
      await scene.sweep()
      expect(await scene.said(alice.thread)).toEqual([near('0.561'), ...after])
    }
  })
})

/** The thread, as if it were the terminal. */
async function onTerminal(alice: Someone): Promise<void> {
  const { db } = scene.desk.desk.parts
  const { id, place } = await db
    .selectFrom('conversations')
    .select(['id', 'place'])
    .where('key', 'like', `%:${alice.thread}`)
    .executeTakeFirstOrThrow()
  const moved = JSON.stringify({ ...place, door: 'terminal' })
  await db.updateTable('conversations').set({ place: moved }).where('id', '=', id).execute()
}

describe("the guardian's message", () => {
  const proposed =
    'Guardian suggests: TRAIL 2% — 1️⃣ EXIT now  2️⃣ TRAIL 2%  3️⃣ HOLD\n💭 Guardian (rules): let the stop follow'
  const question = `${near('0.561')}\n${proposed}`

  /** A proposal about an event of that kind at $0.561. */
  const proposal = (eventId: number) => ({
    kind: 'guardian.proposed' as const,
    event: seen('position.stop_approaching', '0.561'),
    decision: {
      ...{ id: 1, eventId, positionId: 1, accountId: 1, memberId: 1, conversationId: 1, symbol: 'BYND' },
      ...{ positionVersion: 1, action: 'TRAIL_STOP' as const, amount: new Big('0.02'), trail: new Big('0.02') },
      ...{ reasoning: 'let the stop follow', source: 'rules' as const, latencyMs: 0, state: 'proposed' as const },
      ...{ decidedAt: scene.clock.now(), expiresAt: new Date(scene.clock.now().getTime() + 2 * minute) },
    },
  })

  /** The guardian decides on a new event, and its message is the alert. */
  async function proposes(alice: Someone) {
    const { parts, config } = scene.desk.desk
    const eventId = await scene.happens(alice, 'position.stop_approaching', '0.554')
    const { conversation_id } = await parts.db
      .selectFrom('desk_events')
      .select('conversation_id')
      .where('id', '=', eventId)
      .executeTakeFirstOrThrow()
    const about = { eventId, conversationId: conversation_id! }
    return parts.db
      .transaction()
      .execute((trx) => announceInThread(trx, parts, config, about, proposal(eventId), parts.clock.now()))
  }

  test('is the alert in the thread, under the same rules', async () => {
    const alice = await scene.holder()
    expect(await proposes(alice)).toMatchObject({ outcome: 'posted' })
    expect(await scene.said(alice.thread)).toEqual([question])
    await alice.say('mute 1h')
    expect(await proposes(alice)).toMatchObject({ outcome: 'muted' })
    await alice.say('alerts off')
    expect(await proposes(alice)).toBeUndefined()
  })

  test('keeps its buttons as long as its question is open; the count comes after, without a question', async () => {
    const alice = await scene.holder()
    await proposes(alice)
    expect(await proposes(alice)).toMatchObject({ outcome: 'counted', wake: false })
    await scene.sweep()
    expect(await scene.said(alice.thread)).toEqual([question])
    scene.clock.advance(2 * minute)
    await scene.sweep()
    expect((await scene.said(alice.thread)).at(-1)).toBe(`✎ ${counted(2, '3,750')}`)
  })

  rulesOnly.test('takes the place of the plain alert in the thread, where no model is configured', async () => {
    const { scene } = rulesOnly
    const alice = await scene.holder()
    const channel = alice.in(`${alice.thread}-channel`)
    await channel.say('alerts here')
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(alice.thread)).toEqual([])
    expect(await scene.said(channel.thread)).toEqual([near('0.561')])
  })
})
