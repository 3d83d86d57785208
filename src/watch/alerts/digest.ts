import { sql } from 'kysely'
import type { Db, Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import type { StoredEvent } from '../../trading/events/rules/stored-event.ts'
import type { WatchParts } from '../parts.ts'
import { isSilent, loudnessOf } from './loudness.ts'
import type { AlertNotice, Span } from './notices.ts'

/** The last transactions of an hour have this long to commit, in milliseconds. No statement takes longer than 15 s. */
const settledMs = 30_000
const hourMs = 60 * 60_000
/** The most muted alerts that are listed. */
const mostMuted = 30

type Digested = Extract<AlertNotice, { kind: 'events.digested' }>
type Muted = Extract<AlertNotice, { kind: 'events.muted' }>

/**
 * Posts the LOW events of the hours that have ended to the channels that asked for LOW: one message for each account and
 * conversation, none when nothing happened. A silent conversation gets its digest later. Returns the conversations with
 * a message to post.
 */
export async function postDigests(parts: Pick<WatchParts, 'db' | 'wording'>, at: Date): Promise<number[]> {
  const { db } = parts
  const until = new Date(Math.floor((at.getTime() - settledMs) / hourMs) * hourMs)
  const due = await db
    .selectFrom('alert_channels as a')
    .leftJoin('alert_settings as s', (join) =>
      join.onRef('s.conversation_id', '=', 'a.conversation_id').onRef('s.account_id', '=', 'a.account_id'),
    )
    .innerJoin('accounts as o', 'o.id', 'a.account_id')
    .innerJoin('members as m', 'm.id', 'o.member_id')
    .where('a.least_urgency', '=', 'LOW')
    .where('a.digested_until', '<', until)
    .selectAll('s')
    .select(['a.conversation_id', 'a.account_id', 'm.time_zone as zone'])
    .execute()
  const posted: number[] = []
  for (const { conversation_id, account_id, zone, ...settings } of due) {
    if (isSilent(loudnessOf(settings as Parameters<typeof loudnessOf>[0]), at)) continue
    const isPosted = await db.transaction().execute(async (trx) => {
      const span = await nextSpan(trx, conversation_id, account_id, until)
      const digest = span && (await digestOf(trx, account_id, span, zone ?? undefined))
      const to = { conversationId: conversation_id, accountId: account_id, at }
      if (digest) await queueNotice(trx, parts, to, digest, 'outbox')
      return digest !== undefined
    })
    if (isPosted) posted.push(conversation_id)
  }
  return posted
}

/**
 * Claims the time span of a conversation's next digest, for one caller only. Undefined when the digest was posted already or
 * nobody asked for it.
 */
export async function nextSpan(
  trx: Trx,
  conversationId: number,
  accountId: number,
  until: Date,
): Promise<Span | undefined> {
  const channel = trx
    .selectFrom('alert_channels')
    .select('digested_until')
    .where('conversation_id', '=', conversationId)
    .where('account_id', '=', accountId)
    .where('least_urgency', '=', 'LOW')
    .where('digested_until', '<=', until)
  const row = await channel.forUpdate().executeTakeFirst()
  if (!row) return undefined
  await trx
    .updateTable('alert_channels')
    .set({ digested_until: until })
    .where('conversation_id', '=', conversationId)
    .where('account_id', '=', accountId)
    .execute()
  return { from: row.digested_until, until }
}

/**
 * The LOW events of an account, with the last and the count for each symbol and type. Times are in `zone`. Undefined when
 * nothing happened.
 */
export async function digestOf(db: Db, accountId: number, span: Span, zone?: string): Promise<Digested | undefined> {
  const { from, until } = span
  const { rows } = await sql<Digested['happened'][number]>`
    select type, symbol, (array_agg(data order by id desc))[1] as data, count(*)::int as times
    from desk_events
    where account_id = ${accountId} and urgency = 'LOW' and at >= ${from} and at < ${until}
    group by type, symbol order by type like 'position.%' desc, symbol, min(id)`.execute(db)
  return rows.length === 0 ? undefined : { kind: 'events.digested', span, zone, happened: rows }
}

/** The last alerts that were muted in a conversation, oldest first; undefined when there are none. */
export async function mutedOf(
  db: Db,
  conversationId: number,
  accountId: number,
  { from, until }: Span,
  zone?: string,
): Promise<Muted | undefined> {
  const rows = await db
    .selectFrom('event_alerts as t')
    .innerJoin('desk_events as e', 'e.id', 't.event_id')
    .where('t.conversation_id', '=', conversationId)
    .where('t.outcome', '=', 'muted')
    .where('e.account_id', '=', accountId)
    .where('t.at', '>=', from)
    .where('t.at', '<', until)
    .orderBy('e.id', 'desc')
    .limit(mostMuted)
    .select(['e.type', 'e.symbol', 'e.data', 'e.at'])
    .execute()
  if (rows.length === 0) return undefined
  const missed = rows.reverse() as (StoredEvent & { at: Date })[]
  return { kind: 'events.muted', zone, missed }
}
