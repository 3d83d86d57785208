import type { Desk } from '../../../src/desk.ts'
import { appendEvents } from '../../../src/trading/events/append-event.ts'
import type { KeyedEvent } from '../../../src/trading/events/rows/watch-events.ts'
import type { WatchEventType } from '../../../src/trading/events/rules/watch-event.ts'
import { seen } from './scene.ts'

/** A crash: events of as many new positions of somebody, at $0.561, all at once, with their alerts on the clock. */
export async function crashOf({ parts }: Desk, member: string, types: WatchEventType[], name: string): Promise<void> {
  const { db, queues, clock } = parts
  const account = await db
    .selectFrom('accounts as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .where('m.name', '=', member)
    .select(['a.id', 'a.member_id'])
    .executeTakeFirstOrThrow()
  const symbols = types.map((_, index) => `${name}-${index}`.toUpperCase())
  const positions = await db
    .insertInto('positions')
    .values(
      symbols.map((symbol) => ({
        ...{ account_id: account.id, symbol, signed_quantity: '3750', open_cost: '2362.5', opened_at: clock.now() },
      })),
    )
    .returning('id')
    .execute()
  const events = types.map((type, index) => ({
    ...seen(type, '0.561'),
    ...{ symbol: symbols[index]!, accountId: account.id, memberId: account.member_id },
    ...{ positionId: positions[index]!.id, at: clock.now(), dedupeKey: `${name}-${index}` },
  })) as KeyedEvent[]
  const logged = await db.transaction().execute(async (trx) => {
    const ids: number[] = []
    for (const event of events) ids.push((await appendEvents(trx, parts, [event])).raised[0]!.id)
    return ids
  })
  await Promise.all(logged.map((id, index) => queues.event('alerts', id, 0, types[index]!.startsWith('trading.'))))
}
