import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import type { Poster } from '../../../src/talk/chat/door.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import { createDelivery } from '../../../src/talk/outbox/deliver.ts'
import { accountFor } from '../../../src/trading/accounts/rows/accounts.ts'
import { conversationOf, meet } from '../../../src/trading/accounts/rows/members.ts'
import { queueReply, type ReplyTo } from '../../../src/trading/events/rows/replies.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'

/** A desk without running jobs, with a database that has rows for the outbox. */
export interface Scene {
  desk: TestDesk
  /** Creates a member with an account, in a place. */
  member(platformId: string, place: Place): Promise<{ memberId: number; accountId: number; conversationId: number }>
  conversation(place: Place): Promise<number>
  /** Queues a message and returns its row. */
  queue(to: ReplyTo, text: string, waitedMs?: number): Promise<number>
  /** Posts all waiting rows of a conversation, and of the conversations that this wakes. */
  deliver(poster: Poster, conversationId: number): Promise<void>
  rows(conversationId: number): Promise<{ id: number; state: string; text: string; merged_into: number | null }[]>
}

/** Opens the scene for one test. */
export async function openScene(
  environment: Record<string, string> = {},
  log?: TestDesk['desk']['parts']['log'],
): Promise<Scene> {
  const desk = await openTestDesk({ worker: false, environment, log })
  onTestFinished(() => desk.close())
  const { parts } = desk.desk
  const { db } = parts
  return {
    desk,
    async member(platformId, place) {
      const speaker = await meet(db, { id: platformId, name: platformId.split(':').at(-1)! }, place, false)
      await accountFor(db, speaker)
      const { memberId, accountId, conversationId } = speaker
      return { memberId, accountId, conversationId }
    },
    conversation: (place) => conversationOf(db, place),
    async queue(to, text, waitedMs = 0) {
      const { row } = await db
        .transaction()
        .execute((trx) => queueReply(trx, { ...to, at: new Date() }, { text }, 'outbox'))
      const createdAt = sql<Date>`now() - ${`${waitedMs} milliseconds`}::interval`
      await db.updateTable('replies').set({ created_at: createdAt }).where('id', '=', row).execute()
      return row
    },
    async deliver(poster, conversationId) {
      const deliver = createDelivery(parts, poster)
      const waiting = [conversationId]
      const done = new Set<number>()
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        done.add(id)
        const { others } = await deliver(id)
        waiting.push(...others.filter((other) => !done.has(other)))
      }
    },
    async rows(conversationId) {
      const rows = await db
        .selectFrom('replies')
        .select(['id', 'state', 'body', 'merged_into'])
        .where('conversation_id', '=', conversationId)
        .orderBy('id')
        .execute()
      return rows.map(({ id, state, body, merged_into }) => ({ id, state, text: body.text, merged_into }))
    },
  }
}
