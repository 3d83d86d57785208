import { sql } from 'kysely'
import { exactText, momentText } from '../../base/format.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import { isShared } from '../chat/place.ts'
import { readBody } from './body.ts'
import { held, type Lease } from './lease.ts'

/**
 * More plain rows than this in one conversation are merged into tables. Fewer rows are quick to read one by one, and a
 * platform with a limit of one message a second posts them as fast as people read a table.
 */
const mostSingle = 10
/** Rows that have waited less than this, in milliseconds, are no backlog: the platform takes them within seconds. */
const waitedMs = 10_000
/** The most characters of a table. Every platform takes it as one message, even when escaping makes it longer. */
const mostCharacters = 1200
/** A row with a longer line than this stays a message of its own. */
const longestLine = 300
/** The most rows in one merge; the next turn takes the next ones. */
const mostRows = 5000

interface Waiting {
  id: number
  body: unknown
  created_at: Date
  label: string | null
  member: string | null
  edited: unknown
}

/** Does the conversation have a backlog? The query only counts, because it runs before every turn. */
async function isBacklog(db: Db, conversationId: number): Promise<boolean> {
  const { rows } = await sql<{ is_backlog: boolean }>`
    select count(*) > ${mostSingle} and min(created_at) < now() - ${`${waitedMs} milliseconds`}::interval as is_backlog
    from (select created_at from replies r where conversation_id = ${conversationId} and ${plain}
      order by id limit ${mostSingle + 1}) as waiting`.execute(db)
  return rows[0]?.is_backlog ?? false
}

/**
 * The condition for a row that may become a line of a table: it asks nothing, opens no thread, announces no group, holds no
 * lease, and no attempt at it has begun. Urgent rows and tables themselves are excluded.
 */
const plain = sql<boolean>`r.kind = 'post' and r.state = 'queued' and not r.urgent and r.attempted_at is null
  and r.leased_until is null and not r.body ?| array['question', 'private', 'thread']
  and not exists (select from replies told where told.merged_into = r.id)
  and not exists (select from scaleout_groups g where g.announcement = r.id)`

/** The condition for an alert about a position that is closed by now. */
const useless = sql<boolean>`r.kind = 'post' and r.state = 'queued' and not r.urgent and r.attempted_at is null
  and exists (select from positions p where p.id = r.position_id and p.closed_at is not null)`

/**
 * Merges the backlog of a conversation into tables, in one transaction. Each row becomes one line of one table; the table with
 * the newest rows is posted first. Alerts of closed positions are marked as left out. A row counts as posted when its
 * table is posted (`notePosted`), even if a process dies in between.
 */
export async function mergeBacklog(db: Db, lease: Lease): Promise<void> {
  const { conversationId } = lease
  if (!(await isBacklog(db, conversationId))) return
  await db.transaction().execute(async (trx) => {
    const { rows: mine } = await sql`${held(lease)}`.execute(trx)
    if (mine.length === 0) return
    const leftOut = await leaveOut(trx, conversationId)
    const lines = (await waitingRows(trx, conversationId)).flatMap((row) => lineOf(row, isShared(lease.place)) ?? [])
    if (lines.length <= mostSingle) return
    const tables = tablesOf(lines)
    for (const [index, table] of tables.entries()) {
      await insertTable(trx, conversationId, table, {
        leftOut: index === 0 ? leftOut : 0,
        isMore: index < tables.length - 1,
        isLate: index > 0,
      })
    }
  })
}

async function leaveOut(trx: Trx, conversationId: number): Promise<number> {
  const { rows } = await sql`
    update replies r set state = 'left_out', failed_because = 'its position ended before it could be told'
    where r.conversation_id = ${conversationId} and ${useless} returning r.id`.execute(trx)
  return rows.length
}

/** The plain rows that wait, newest first, each with its last waiting edit. */
async function waitingRows(trx: Trx, conversationId: number): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select r.id, r.body, r.created_at, l.label, case when (r.body ->> 'ofMember')::boolean then m.name end as member,
      (select e.body from replies e where e.edits = r.id and e.state = 'queued' order by e.id desc limit 1) as edited
    from replies r left join account_labels l on l.account_id = r.account_id
      left join accounts a on a.id = r.account_id left join members m on m.id = a.member_id
    where r.conversation_id = ${conversationId} and ${plain}
    order by r.id desc limit ${mostRows} for update of r`.execute(trx)
  return rows
}

interface Line {
  id: number
  at: Date
  text: string
}

/** Converts a row into one line without its 💡 advice; undefined when it is too long or cannot be read. */
function lineOf({ id, body, edited, created_at, label, member }: Waiting, isInShared: boolean): Line | undefined {
  const said = readBody(edited ?? body) ?? readBody(body)
  if (!said) return undefined
  const parts = said.text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('💡'))
  const names = [...(isInShared && member !== null ? [member] : []), ...(label === null ? [] : [`account ${label}`])]
  const text = [...parts, ...names].join(' · ')
  return text.length > longestLine ? undefined : { id, at: created_at, text: `${timeOf(created_at)} · ${text}` }
}

/** The time only, such as `04:41:09`: the heading has the day and the zone. */
const timeOf = (at: Date) => exactText(at).split(' ')[1]!

/** Divides lines into tables. The newest table is first; the lines of a table are oldest first. */
function tablesOf(newestFirst: Line[]): Line[][] {
  const tables: Line[][] = []
  let room = 0
  for (const line of newestFirst) {
    if (tables.length === 0 || line.text.length + 1 > room) {
      tables.push([])
      room = mostCharacters
    }
    tables.at(-1)!.unshift(line)
    room -= line.text.length + 1
  }
  return tables
}

async function insertTable(
  trx: Trx,
  conversationId: number,
  lines: Line[],
  { leftOut, isMore, isLate }: { leftOut: number; isMore: boolean; isLate: boolean },
): Promise<void> {
  const text = [
    `📋 ${lines.length} ${lines.length === 1 ? 'MESSAGE' : 'MESSAGES'} THAT WAITED · ${momentText(lines[0]!.at)} to ${momentText(lines.at(-1)!.at)}`,
    ...lines.map((line) => line.text),
    ...(leftOut > 0
      ? [
          `${leftOut} ${leftOut === 1 ? 'alert' : 'alerts'} of positions that have ended since ${leftOut === 1 ? 'is' : 'are'} left out`,
        ]
      : []),
    ...(isMore ? ['💡 Older ones follow'] : []),
  ].join('\n')
  const { id } = await trx
    .insertInto('replies')
    .values({
      conversation_id: conversationId,
      kind: 'post',
      body: JSON.stringify({ text }),
      state: 'queued',
      late: isLate,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const told = lines.map((line) => line.id)
  await sql`
    update replies set state = 'merged', merged_into = ${id}
    where state = 'queued' and (id = any(${told}::bigint[]) or kind = 'edit' and edits = any(${told}::bigint[]))`.execute(
    trx,
  )
}
