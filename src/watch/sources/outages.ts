import { sql } from 'kysely'
import { appendEvents } from '../../trading/events/append-event.ts'
import type { Raised, WatchDeskEvent } from '../../trading/events/rows/watch-events.ts'
import type { SourceData } from '../../trading/events/rules/watch-event.ts'
import { tellOwners } from '../../trading/events/tell-owners.ts'
import { type Parts, wakeReplies } from '../../trading/parts.ts'
import { type Dependant, dependantsOn } from './dependants.ts'
import type { SourceSeen } from './rules/merge.ts'
import { plainName, sourceKey } from './rules/merge.ts'

/**
 * Tells once that a source is lost: the accounts whose positions depend on it by an event, and the owners. The open row of the
 * outage decides which worker tells.
 */
export async function tellLost(parts: Parts, source: SourceSeen, connected: Set<string>): Promise<void> {
  const { db, clock } = parts
  const [name, key] = [plainName(source.name), sourceKey(source)]
  const because = source.lastFault?.words ?? 'it does not answer'
  // Prices are asked for before the transaction, which must not wait for a market.
  const isOpen = await db
    .selectFrom('source_outages')
    .select('id')
    .where('source', '=', key)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (isOpen) return
  const at = clock.now()
  const since = new Date(Math.min(at.getTime(), (source.heardAt ?? source.lastFault?.at ?? at).getTime()))
  const dependants = await dependantsOn(parts, source, connected)
  const told = await db.transaction().execute(async (trx) => {
    const row = await trx
      .insertInto('source_outages')
      .values({ source: key, began_at: since, because })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) return undefined
    const events = dependants.map(
      (one): WatchDeskEvent => ({
        type: 'watching.source_lost',
        data: { ...dataOf(name, since, one), because },
        ...addressOf(one),
        at,
        dedupeKey: `source-lost-${row.id}-${one.accountId}`,
      }),
    )
    return { id: row.id, ...(await appendEvents(trx, parts, events)) }
  })
  if (!told) return
  await queueAlerts(parts, told)
  const facts = { source: name, since, ...counted(dependants) }
  await tellOwners(parts, `source-lost-${told.id}`, { kind: 'source.lost', because, ...facts }, { source: name })
}

/**
 * Tells once that a source is back, to everybody who heard that it was lost; `since` is the moment from which on it answered. Without an
 * open outage nothing is told.
 */
export async function tellBack(
  parts: Parts,
  source: Pick<SourceSeen, 'name' | 'account'>,
  since = parts.clock.now(),
): Promise<void> {
  const { db, clock } = parts
  const [name, key] = [plainName(source.name), sourceKey(source)]
  const at = clock.now()
  const told = await db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('source_outages')
      .set({ ended_at: since })
      .where('source', '=', key)
      .where('ended_at', 'is', null)
      .returning(['id', 'began_at'])
      .executeTakeFirst()
    if (!row) return undefined
    const lost = await trx
      .selectFrom('desk_events')
      .select(['account_id', 'member_id', 'conversation_id', 'data', 'dedupe_key'])
      .where('type', '=', 'watching.source_lost')
      .where('dedupe_key', 'like', `source-lost-${row.id}-%`)
      .execute()
    const events = lost.map((one): WatchDeskEvent => {
      const { because: _, ...data } = one.data as unknown as SourceData & { because: string }
      return {
        ...{ type: 'watching.source_back', data, at },
        ...addressOf({
          accountId: one.account_id!,
          memberId: one.member_id!,
          conversationId: one.conversation_id ?? undefined,
        }),
        dedupeKey: String(one.dedupe_key).replace('lost', 'back'),
      }
    })
    return { id: row.id, since: row.began_at, ...(await appendEvents(trx, parts, events)) }
  })
  if (!told) return
  await queueAlerts(parts, told)
  const until = since > told.since ? since : told.since
  const facts = { source: name, since: told.since, alone: 0, replaced: 0, until }
  await tellOwners(parts, `source-back-${told.id}`, { kind: 'source.back', ...facts }, { source: name }, 'info')
}

/** Ends the outages of sources that the desk has no more, without a word; `present` are the keys of those that it has. */
export async function forgetOutages(db: Parts['db'], present: string[], at: Date): Promise<void> {
  await db
    .updateTable('source_outages')
    .set({ ended_at: at })
    .where('ended_at', 'is', null)
    .where(sql<boolean>`source <> all(${present}::text[])`)
    .execute()
}

function dataOf(source: string, since: Date, { alone, replaced, fallbacks, isBroker }: Dependant): SourceData {
  return {
    ...{ source, since: since.toISOString() },
    ...(alone.length > 0 && { alone: alone.join(',') }),
    ...(replaced.length > 0 && { replaced: replaced.join(','), fallback: fallbacks.join(' and ') }),
    ...(isBroker && { broker: true }),
  }
}

const addressOf = ({
  accountId,
  memberId,
  conversationId,
}: Pick<Dependant, 'accountId' | 'memberId' | 'conversationId'>) => ({
  accountId,
  memberId,
  conversationId,
})

function counted(dependants: Dependant[]): { alone: number; replaced: number } {
  return {
    alone: dependants.reduce((all, one) => all + one.alone.length, 0),
    replaced: dependants.reduce((all, one) => all + one.replaced.length, 0),
  }
}

/** Queues the alerts after the commit. When Redis is away, the sweep finds the events. */
async function queueAlerts(
  parts: Parts,
  { raised, conversations }: { raised: Raised[]; conversations: number[] },
): Promise<void> {
  try {
    await parts.queues.events(
      'alerts',
      raised.map(({ id }) => id),
    )
  } catch (cause) {
    parts.log.warn({ err: cause, events: raised.length }, 'alerts about a source could not be queued; the sweep will')
  }
  await wakeReplies(parts, conversations)
}
