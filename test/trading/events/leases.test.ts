import { sql } from 'kysely'
import { expect } from 'vitest'
import { takeConversation } from '../../../src/talk/outbox/lease.ts'
import { conversationsThatWait, urgentConversations } from '../../../src/talk/outbox/rows.ts'
import { claimEvents } from '../../../src/trading/protection/rows/critical-events.ts'
import { deskTest } from '../../support/desk-test.ts'

const { test, desk } = deskTest({ worker: false })
test.beforeAll(() => desk.say('long BYND 100 @ 1'))

const db = () => desk.desk.parts.db

test.beforeEach(async () => {
  await sql`delete from desk_events where urgency = 'CRITICAL'`.execute(db())
  await sql`
    insert into desk_events (type, urgency, account_id, member_id, position_id, conversation_id, symbol, data, at)
    select 'trading.stop_loss_triggered', 'CRITICAL', p.account_id, p.member_id, p.id, p.conversation_id, p.symbol, '{}', now()
    from (select p.*, a.member_id from positions p join accounts a on a.id = p.account_id limit 1) p`.execute(db())
  await sql`delete from replies`.execute(db())
  await sql`
    insert into replies (conversation_id, kind, body, state, urgent, created_at)
    select id, 'post', '{"text": "sold"}', 'queued', true, now() from conversations limit 1`.execute(db())
})

/** Somebody has had the right to it, who died, until so many seconds from now by the database's clock. */
async function heldFor(seconds: number): Promise<number> {
  const until = sql`now() + ${seconds} * interval '1 second'`
  await sql`update desk_events set acting_by = 'dead', acting_until = ${until} where urgency = 'CRITICAL'`.execute(db())
  const { rows } = await sql<{ id: number }>`
    update conversations set posting_by = 'dead', posting_until = ${until}
    where id in (select conversation_id from replies) returning id`.execute(db())
  return rows[0]!.id
}

test.each([
  ['that lasts', 2, 0],
  ['that is over', -1, 1],
  ['that was taken before the clock was set back by ten minutes', 603, 1],
])('a claim of a dead process %s', async (_, seconds, free) => {
  const id = await heldFor(seconds)
  const at = new Date()
  expect(await conversationsThatWait(db(), at)).toHaveLength(free)
  expect(await urgentConversations(db(), 'slack', at)).toHaveLength(free)
  expect((await takeConversation(db(), id, 'me')) === undefined ? 0 : 1).toBe(free)
  const { events } = await claimEvents(db(), 'me', 10)
  expect(events).toHaveLength(free)
})
