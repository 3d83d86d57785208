import type { TestDesk } from '../../support/desk.ts'
import type { Someone } from './someone.ts'

/** The protective orders that were set in the thread of a person and work, by kind. */
export async function working({ desk }: TestDesk, who: Someone) {
  return desk.parts.db
    .selectFrom('protective_orders as o')
    .innerJoin('conversations as c', 'c.id', 'o.conversation_id')
    .select(['o.kind', 'o.price', 'o.quantity', 'o.trail'])
    .where('c.key', 'like', `%${who.thread}%`)
    .where('o.state', '=', 'working')
    .orderBy('o.kind')
    .execute()
}
