import { expect } from 'vitest'
import type { TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { type Protected, protect } from './touched.ts'

/** Somebody in a thread of their own with a protected position in BYND. */
export interface Holder {
  person: Someone
  held: Protected
  /** The posts of jobs in the thread, oldest first. */
  told(): string[]
  /** Waits until jobs have told the thread something like it. */
  hears(pattern: RegExp): Promise<void>
  /** Waits until the position is closed and nothing about it is left to do. */
  isClosed(): Promise<void>
  /** Orders that closed the position, or are to, oldest first. */
  orders(): Promise<{ client_order_id: string; purpose: string; side: string; quantity: string; state: string }[]>
  /** Its stops and targets, and what became of them. */
  protection(): Promise<{ kind: string; state: string; ended_because: string | null }[]>
}

/** BYND is at $0.63, and somebody says `words` and is then protected. */
export async function holding(
  desk: TestDesk,
  words: string,
  levels: { stop?: string; target?: string },
): Promise<Holder> {
  desk.market.set('BYND', '0.63')
  const person = someone(desk)
  await person.say(words)
  const held = await protect(desk, person, 'BYND', levels)
  const { db } = desk.desk.parts
  const { id } = held.position
  const told = () => desk.posted.filter(({ place }) => place.thread === person.thread).map(({ text }) => text)
  return {
    person,
    held,
    told,
    hears: (pattern) => expect.poll(told).toContainEqual(expect.stringMatching(pattern)),
    async isClosed() {
      const state = async () => ({
        ...(await db
          .selectFrom('positions')
          .select(['signed_quantity', 'working_quantity', 'open_cost'])
          .where('id', '=', id)
          .executeTakeFirstOrThrow()),
        unsettled: await db
          .selectFrom('desk_events')
          .select('type')
          .where('position_id', '=', id)
          .where('urgency', '=', 'CRITICAL')
          .where('settled_at', 'is', null)
          .execute(),
      })
      await expect.poll(state).toEqual({ signed_quantity: '0', working_quantity: '0', open_cost: '0', unsettled: [] })
    },
    orders: () =>
      db
        .selectFrom('orders')
        .select(['client_order_id', 'purpose', 'side', 'quantity', 'state'])
        .where('position_id', '=', id)
        .where('purpose', 'in', ['stop', 'target', 'breaker'])
        .orderBy('id')
        .execute(),
    protection: () =>
      db
        .selectFrom('protective_orders')
        .select(['kind', 'state', 'ended_because'])
        .where('position_id', '=', id)
        .orderBy('id')
        .execute(),
  }
}
