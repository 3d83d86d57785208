import type { Reply } from '../../../src/talk/chat/reply.ts'
import { appendEvents } from '../../../src/trading/events/append-event.ts'
import type { KeyedEvent } from '../../../src/trading/events/rows/watch-events.ts'
import type { WatchEvent, WatchEventType } from '../../../src/trading/events/rules/watch-event.ts'
import { sweepAlerts } from '../../../src/watch/alerts/sweep.ts'
import { tell } from '../../../src/watch/alerts/tell.ts'
import { type HandClock, handClock } from '../../market/hand-clock.ts'
import type { TestDesk } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'

export const minute = 60_000
export const hour = 60 * minute

/** A model is configured, so that the alert in the thread does not wait for the guardian. It is never called. */
const aModel = { LLM_BASE_URL: 'http://127.0.0.1:9', LLM_MODEL: 'none' }

/** A desk with a stopped clock. Only the test makes something happen. */
export interface Scene {
  desk: TestDesk
  clock: HandClock
  /** Creates a person who holds BYND, in a thread of their own. */
  holder(): Promise<Someone>
  /** Writes an event of a person's BYND position at a price, as the monitor does. */
  happens(who: Someone, type: WatchEventType, price?: string): Promise<number>
  /** Writes an event and tells all conversations that hear it. */
  told(who: Someone, type: WatchEventType, price?: string): Promise<number>
  tell(eventId: number): Promise<void>
  sweep(): Promise<void>
  /** The replies that jobs queued for a thread, in order. An edit is marked with ✎. */
  said(thread: string): Promise<string[]>
  /** The tones of the same messages and edits. */
  tones(thread: string): Promise<Reply['tone'][]>
}

/** Gives a `test` with one scene for the whole file. Without a model in the environment, the guardian's message is the alert in the thread. */
export function sceneTest(environment: Record<string, string> = aModel) {
  const clock = handClock('2026-11-20T15:00:00Z')
  const { test, desk } = deskTest({ worker: false, clock, environment })
  return { test, scene: sceneOn(desk, clock) }
}

function sceneOn(desk: TestDesk, clock: HandClock): Scene {
  const parts = () => desk.desk.parts
  let keys = 0
  const scene: Scene = {
    desk,
    clock,
    async holder() {
      const who = someone(desk)
      const said = await who.say('long BYND 3750 @ .63')
      if (!said.startsWith('✓')) throw new Error(said)
      return who
    },
    async happens(who, type, price = '0.561') {
      const position = await parts()
        .db.selectFrom('positions as p')
        .innerJoin('conversations as c', 'c.id', 'p.conversation_id')
        .innerJoin('accounts as a', 'a.id', 'p.account_id')
        .where('c.key', 'like', `%:${who.thread}`)
        .select(['p.id', 'p.account_id', 'a.member_id', 'p.conversation_id'])
        .executeTakeFirstOrThrow()
      const event = {
        ...seen(type, price),
        ...{ symbol: 'BYND', accountId: position.account_id, memberId: position.member_id },
        ...{ positionId: position.id, conversationId: position.conversation_id ?? undefined },
        ...{ at: clock.now(), dedupeKey: `scene-${++keys}` },
      } as KeyedEvent
      const { raised } = await appendEvents(parts().db, parts(), [event])
      return raised[0]!.id
    },
    async told(who, type, price) {
      const id = await scene.happens(who, type, price)
      await scene.tell(id)
      return id
    },
    tell: (id) => tell(parts(), desk.desk.config, id),
    sweep: () => sweepAlerts(parts(), desk.desk.config),
    tones: async (thread) => (await queued(thread)).map(({ body }) => body.tone),
    said: async (thread) =>
      (await queued(thread)).map(({ kind, body }) => `${kind === 'edit' ? '✎ ' : ''}${body.text}`),
  }
  return scene

  async function queued(thread: string) {
    const rows = await parts()
      .db.selectFrom('replies as r')
      .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
      .where('c.key', 'like', `%:${thread}`)
      .where('r.leased_until', 'is', null)
      .where('r.state', '=', 'queued')
      .orderBy('r.id')
      .select(['r.kind', 'r.body'])
      .execute()
    return rows.map(({ kind, body }) => ({ kind, body: body as Reply }))
  }
}

/** The event data of LONG 3,750 @ $0.63 with a stop at $0.55 and a target at $0.90. */
export function seen(type: WatchEventType, price: string): WatchEvent {
  const distance = ((Number(price) - 0.55) / Number(price)).toFixed(6)
  const data = {
    ...{ signedQuantity: '3750', averageEntryPrice: '0.63', price, stop: '0.55', target: '0.9', version: 1 },
    ...{ unrealizedReturn: ((Number(price) - 0.63) / 0.63).toFixed(6), distance, milestone: '0.05', hoursOpen: 72 },
    ...{
      because: 'the last swing low at $0.57 broke',
      value: '0.91',
      limit: '0.8',
      level: '0.55',
      protectiveOrderId: 1,
    },
  }
  return { type, data } as WatchEvent
}
