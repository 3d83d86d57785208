import type { HandClock } from '../../market/hand-clock.ts'
import type { TestDesk } from '../../support/desk.ts'
import type { Someone } from './someone.ts'

/** A Friday, 10:00 AM in New York. */
export const friday = '2026-11-20T15:00:00Z'

/** Everything that is scheduled in the thread of a person, or was. */
export async function scheduledBy({ desk }: TestDesk, who: Someone) {
  return desk.parts.db
    .selectFrom('scheduled_orders as s')
    .innerJoin('conversations as c', 'c.id', 's.conversation_id')
    .selectAll('s')
    .where('c.key', '=', `slack:T1:C1:${who.thread}`)
    .orderBy('s.id')
    .execute()
}

/** Moves the clock to a moment, looks at everything that a person has scheduled, as the jobs would, and answers with what the thread was told. */
export async function lookAt(desk: TestDesk, clock: HandClock, who: Someone, moment: string): Promise<string[]> {
  clock.set(new Date(moment))
  for (const { id } of await scheduledBy(desk, who)) await desk.desk.runScheduled(id)
  return toldTo(desk, who)
}

/** The posts of jobs to a person's thread that are not delivered yet, in order. */
export async function toldTo({ desk }: TestDesk, who: Someone): Promise<string[]> {
  const rows = await desk.parts.db
    .selectFrom('replies as r')
    .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
    .select('r.body')
    .where('c.key', '=', `slack:T1:C1:${who.thread}`)
    .where('r.kind', '=', 'post')
    .where('r.state', 'in', ['queued', 'posting'])
    .orderBy('r.id')
    .execute()
  return rows.map(({ body }) => body.text)
}

/** Signed quantities of what a person has open. */
export async function heldBy({ desk }: TestDesk, who: Someone): Promise<number[]> {
  const rows = await desk.parts.db
    .selectFrom('positions as p')
    .innerJoin('accounts as a', 'a.id', 'p.account_id')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .select('p.signed_quantity')
    .where('m.name', '=', who.name)
    .where('p.closed_at', 'is', null)
    .orderBy('p.id')
    .execute()
  return rows.map(({ signed_quantity }) => Number(signed_quantity))
}
