import type { Reply } from '../../../src/talk/chat/reply.ts'
import type { WatchEvent } from '../../../src/trading/events/rules/watch-event.ts'
import { raise } from '../../../src/watch/monitor/raise.ts'
import type { TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'

/** A person with a watched position. */
export interface Watched extends Someone {
  memberId: number
  accountId: number
  positionId: number
  symbol: string
}

/** Creates a person who holds 3,750 BYND at $0.63, at the market's price, with an optional stop. */
export async function watched(desk: TestDesk, options: { stop?: string; name?: string; what?: string } = {}) {
  const person = someone(desk, options.name)
  const { what = 'long BYND 3750 @ .63' } = options
  await person.say(what)
  if (options.stop) await person.say(`stop ${options.stop}`)
  return holding(desk, person)
}

/** Adds the ids of the person's one open position. */
export async function holding(desk: TestDesk, person: Someone): Promise<Watched> {
  const row = await desk.desk.parts.db
    .selectFrom('positions as p')
    .innerJoin('accounts as a', 'a.id', 'p.account_id')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .where('m.name', '=', person.name)
    .where('p.closed_at', 'is', null)
    .select(['m.id as memberId', 'a.id as accountId', 'p.id as positionId', 'p.symbol'])
    .executeTakeFirstOrThrow()
  return { ...person, ...row }
}

let events = 0

/** Raises an event about the position at the present price, as the monitor does. Returns its id. */
export async function happens(
  desk: TestDesk,
  of: Watched,
  type: WatchEvent['type'] = 'position.stop_approaching',
  more: Record<string, unknown> = {},
): Promise<number> {
  const { parts } = desk.desk
  const [position, quote] = await Promise.all([
    parts.db.selectFrom('positions').selectAll().where('id', '=', of.positionId).executeTakeFirstOrThrow(),
    parts.market.quote(of.symbol),
  ])
  const data = {
    signedQuantity: position.signed_quantity,
    averageEntryPrice: '0.63',
    price: quote!.last.toFixed(),
    stop: '0.55',
    target: '0.9',
    unrealizedReturn: '-0.1095',
    version: position.version,
    distance: '0.0196',
    milestone: '0.2',
    hoursOpen: 80,
    because: 'the last swing low is broken',
    ...more,
  }
  const { memberId, accountId, positionId, symbol } = of
  const about = { memberId, accountId, positionId, symbol, conversationId: position.conversation_id ?? undefined }
  const event = { type, data, ...about, at: parts.clock.now(), dedupeKey: `test-${++events}` }
  return (await raise(parts, event as Parameters<typeof raise>[1]))!
}

/** The unposted replies in a person's thread, oldest first. */
export async function said(desk: TestDesk, thread: string): Promise<Reply[]> {
  const rows = await desk.desk.parts.db
    .selectFrom('replies as r')
    .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
    .select('r.body')
    .where('c.key', '=', `slack:T1:C1:${thread}`)
    .where('r.state', '=', 'queued')
    .where('r.kind', '=', 'post')
    .orderBy('r.id')
    .execute()
  return rows.map(({ body }) => body)
}

/** The stored decision about an event. */
export function decided(desk: TestDesk, eventId: number) {
  return desk.desk.parts.db
    .selectFrom('guardian_decisions')
    .selectAll()
    .where('event_id', '=', eventId)
    .executeTakeFirst()
}

/** The guardian's question in a person's thread. */
export async function questionIn(desk: TestDesk, thread: string): Promise<Reply> {
  const question = (await said(desk, thread)).findLast((reply) => reply.question !== undefined)
  if (!question) throw new Error('the guardian asked nothing')
  return question
}
