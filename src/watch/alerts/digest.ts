import { sql } from 'kysely'
import { momentText } from '../../base/format.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import { queueReply } from '../../trading/events/rows/replies.ts'
import { storedText } from '../../trading/events/rules/stored-event.ts'
import { isSilent, loudnessOf } from './loudness.ts'
import type { AlertedEvent } from './text.ts'

/** The hour's last transactions have this long to commit, in milliseconds: no statement takes longer than 15 s. */
const settledMs = 30_000
const hourMs = 60 * 60_000
/** So many lines a digest has at most. */
const mostLines = 30

/** From when until when; the last moment is out. */
export interface Span {
  from: Date
  until: Date
}

type Happened = AlertedEvent & { times: number }

/**
 * Posts what was LOW in the hours that have ended, where it was asked for: one message for an account and a conversation,
 * none when nothing happened. What is muted now comes later. Answers with the conversations that have something to post.
 */
export async function postDigests(db: Db, at: Date): Promise<number[]> {
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
      const text = span && (await digestText(trx, account_id, span, zone ?? undefined))
      if (text)
        await queueReply(trx, { conversationId: conversation_id, accountId: account_id, at }, { text }, 'outbox')
      return text !== undefined
    })
    if (isPosted) posted.push(conversation_id)
  }
  return posted
}

/** Takes the span that the next digest of a conversation is about, for one caller only; undefined when it has been told, or was not asked for. */
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

/** What was LOW in an account, a line for each symbol and type, with times by the clocks of `zone`; undefined when nothing happened. */
export async function digestText(
  db: Db,
  accountId: number,
  { from, until }: Span,
  zone?: string,
): Promise<string | undefined> {
  const { rows } = await sql<Happened>`
    select type, symbol, (array_agg(data order by id desc))[1] as data, count(*)::int as times
    from desk_events
    where account_id = ${accountId} and urgency = 'LOW' and at >= ${from} and at < ${until}
    group by type, symbol order by type like 'position.%' desc, symbol, min(id)`.execute(db)
  if (rows.length === 0) return undefined
  const lines = rows
    .slice(0, mostLines)
    .map((row) => `${storedText(row)}${row.times > 1 ? ` (the last of ${row.times})` : ''}`)
  const rest = rows.length - lines.length
  return [
    `📰 DIGEST — ${momentText(from, zone)} to ${momentText(until, zone)}`,
    ...lines,
    ...(rest > 0 ? [`… and ${rest} more`] : []),
  ].join('\n')
}

/** Alerts that a conversation was not told because it was muted, a line each; the newest come last. */
export async function mutedText(
  db: Db,
  conversationId: number,
  accountId: number,
  { from, until }: Span,
  zone?: string,
): Promise<string | undefined> {
  const rows = await db
    .selectFrom('event_alerts as t')
    .innerJoin('desk_events as e', 'e.id', 't.event_id')
    .where('t.conversation_id', '=', conversationId)
    .where('t.outcome', '=', 'muted')
    .where('e.account_id', '=', accountId)
    .where('t.at', '>=', from)
    .where('t.at', '<', until)
    .orderBy('e.id', 'desc')
    .limit(mostLines)
    .select(['e.type', 'e.symbol', 'e.data', 'e.at'])
    .execute()
  if (rows.length === 0) return undefined
  const lines = rows.reverse().map((row) => `${momentText(row.at, zone)} · ${storedText(row as AlertedEvent)}`)
  return ['🔇 WHILE IT WAS MUTED HERE', ...lines].join('\n')
}
