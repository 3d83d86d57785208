import { sql } from 'kysely'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import { claimPruning, prune } from '../../../src/trading/events/rows/pruning.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const old = new Date('2026-01-01T12:00:00Z')
const before = new Date('2026-03-01T00:00:00Z')
const young = new Date('2026-03-01T00:00:01Z')

let database: FreshDatabase
let db: ReturnType<typeof connectDatabase>

beforeEach(async () => {
  database = await freshDatabase()
  db = connectDatabase(database.url, pino({ level: 'silent' }))
  for (const statement of [
    sql`insert into members (name, role) values ('alice', 'trader'), ('bob', 'trader')`,
    sql`insert into conversations (key, place) values ('here', '{}'), ('there', '{}')`,
    sql`insert into accounts (member_id) values (1)`,
    // One that is closed, and one that is open.
    sql`insert into positions (account_id, symbol, signed_quantity, open_cost, opened_at, closed_at)
      values (1, 'A', 0, 0, ${old}, ${old}), (1, 'A', 1, 1, ${old}, null)`,
    sql`insert into scaleouts (position_id, account_id, member_id, conversation_id, symbol, side, speed, seed, time_scale,
        total_quantity, chunk_count, decision_price, state, started_at, ended_at)
      values (1, 1, 1, 1, 'A', 'sell', 'fast', 1, 1, 1, 1, 1, 'complete', ${old}, ${old}),
        (2, 1, 1, 1, 'A', 'sell', 'fast', 1, 1, 1, 1, 1, 'running', ${old}, null)`,
  ]) {
    await statement.execute(db)
  }
})
afterEach(async () => {
  await db.destroy()
  await database.drop()
})

interface Event {
  type?: string
  urgency?: string
  position?: number | null
  settled?: Date | null
  at?: Date
}

async function event({
  type = 'position.time_decay',
  urgency = 'MEDIUM',
  position = 1,
  settled = null,
  at = old,
}: Event) {
  const { rows } = await sql<{ id: number }>`
    insert into desk_events (type, urgency, account_id, position_id, data, settled_at, at)
    values (${type}, ${urgency}, 1, ${position}, '{}', ${settled}, ${at}) returning id`.execute(db)
  return rows[0]!.id
}

async function reply(given: { state?: string; edits?: number; scaleout?: number; at?: Date } = {}) {
  const { state = 'posted', edits = null, scaleout = null, at = old } = given
  const { rows } = await sql<{ id: number }>`
    insert into replies (conversation_id, kind, body, state, edits, scaleout_id, created_at)
    values (1, 'post', '{}', ${state}, ${edits}, ${scaleout}, ${at}) returning id`.execute(db)
  return rows[0]!.id
}

const alert = (eventId: number, outcome: string, at = old, conversation = 1) =>
  sql`insert into event_alerts values (${eventId}, ${conversation}, ${outcome}, ${at})`.execute(db)

const heard = (id: string, at: Date, given: { finished?: boolean; conversation?: number; member?: number } = {}) =>
  sql`insert into audit (inbound_id, member_id, conversation_id, text, heard_at, finished_at)
    values (${id}, ${given.member ?? 1}, ${given.conversation ?? 1}, 'pl', ${at}, ${given.finished === false ? null : at})`.execute(
    db,
  )

/** The remaining ids of a table. */
async function left(table: string, column = 'id'): Promise<unknown[]> {
  const { rows } = await sql<{ id: unknown }>`
    select ${sql.ref(column)} as id from ${sql.table(table)} order by 1`.execute(db)
  return rows.map(({ id }) => id)
}

test('old events of the watch go; an event that moved money, waits, or is referred to stays', async () => {
  const goes = [
    await event({}),
    await event({ position: null }),
    await event({ urgency: 'LOW' }),
    await event({ type: 'watching.feed_silent', urgency: 'HIGH' }),
  ]
  const stays = [
    await event({ at: young }),
    await event({ position: 2 }),
    await event({ type: 'watching.feed_silent', urgency: 'HIGH', position: 2 }),
    await event({ type: 'order_filled' }),
    await event({ type: 'position_opened', urgency: 'LOW' }),
    await event({ type: 'trading.stop_loss_triggered', urgency: 'CRITICAL', settled: old }),
    await event({ type: 'trading.stop_loss_triggered', urgency: 'CRITICAL' }),
    await event({ type: 'risk.circuit_breaker_tripped', urgency: 'CRITICAL', position: null }),
    await event({ type: 'position.unwatched', urgency: 'CRITICAL' }),
  ]
  const held = await event({})
  await alert(held, 'held')
  const toldLately = await event({})
  await alert(toldLately, 'posted', young)
  const decided = await event({})
  await sql`insert into guardian_decisions (event_id, position_id, account_id, member_id, conversation_id, symbol,
      position_version, action, reasoning, source, latency_ms, state, decided_at, expires_at)
    values (${decided}, 1, 1, 1, 1, 'A', 1, 'HOLD', '', 'rules', 1, 'expired', ${old}, ${old})`.execute(db)
  await alert(goes[0]!, 'posted')
  await alert(goes[0]!, 'muted', old, 2)
  await alert(stays[3]!, 'posted')
  expect(await prune(db, before)).toMatchObject({ desk_events: goes.length, event_alerts: 3 })
  expect(await left('desk_events')).toEqual([...stays, held, toldLately, decided])
  expect(await left('event_alerts', 'event_id')).toEqual([held, toldLately])
})

test('replies go when they are out, or given up, and nothing goes on from them', async () => {
  const [message, table] = [await reply(), await reply()]
  const goes = [await reply({ state: 'left_out' }), await reply({ state: 'failed' }), await reply({ scaleout: 1 })]
  const [edited, merged, failed] = [await reply(), await reply(), await reply({ state: 'failed' })]
  await sql`update replies set merged_into = ${merged}, state = 'merged' where id = ${goes[0]!}`.execute(db)
  const stays = [
    await reply({ edits: edited, at: young }),
    await reply({ state: 'queued' }),
    await reply({ at: young }),
    await reply({ state: 'posting' }),
    await reply({ scaleout: 2 }),
    await reply({ at: young }),
  ]
  await sql`insert into alert_messages (conversation_id, account_id, subject, reply_id, count, said, began_at, last_at)
    values (1, 1, 'x', ${message}, 2, 1, ${old}, ${old}), (1, 1, 'y', ${table}, 2, 2, ${old}, ${old})`.execute(db)
  await sql`update replies set instead_of = ${failed} where id = ${stays[2]!}`.execute(db)
  const removed = await prune(db, before)
  expect(removed).toMatchObject({ replies: goes.length + 1, alert_messages: 1 })
  expect(await left('replies')).toEqual([message, edited, merged, failed, ...stays])
  // The second run removes the row of the table, since nothing refers to it any more.
  expect((await prune(db, before)).replies).toBe(1)
})

test('an edit goes with what it edits, in two steps', async () => {
  const edited = await reply()
  await reply({ edits: edited })
  expect((await prune(db, before)).replies).toBe(1)
  expect((await prune(db, before)).replies).toBe(1)
})

test('old messages go, except the last of each person in each conversation, and those of waiting orders for later', async () => {
  await heard('goes', old)
  await heard('unfinished', old, { finished: false })
  await heard('asked', old)
  await sql`insert into scheduled_orders (account_id, member_id, conversation_id, inbound_id, command, given, what, planned_at,
      due_at, created_at) values (1, 1, 1, 'asked', 'close', '{}', 'close', ${young}, ${young}, ${old})`.execute(db)
  await heard('scheduled-1', old)
  await heard('bob', old, { member: 2 })
  await heard('elsewhere', old, { conversation: 2 })
  await heard('last', young)
  expect((await prune(db, before)).audit).toBe(1)
  expect(await left('audit', 'inbound_id')).toEqual(['asked', 'bob', 'elsewhere', 'last', 'scheduled-1', 'unfinished'])
})

test('the minute of a conversation goes, unless a table is still due in it', async () => {
  await alert(await event({}), 'held')
  await sql`insert into alert_minutes values (1, ${old}, 1), (2, ${old}, 1)`.execute(db)
  expect((await prune(db, before)).alert_minutes).toBe(1)
  expect(await left('alert_minutes', 'conversation_id')).toEqual([1])
})

test('thousands of rows go in pieces, by two processes at once, each once; what stays between them is passed over', async () => {
  await sql`insert into audit (inbound_id, member_id, conversation_id, text, heard_at, finished_at)
    select 'a' || n, 1, 1, 'pl', ${old}::timestamptz + n / 3 * interval '1 second', case when n % 700 > 0 then ${old}::timestamptz end
    from generate_series(1, 3500) n`.execute(db)
  await heard('last', young)
  const [one, other] = await Promise.all([prune(db, before), prune(db, before)])
  expect(one.audit + other.audit).toBe(3495)
  expect(await left('audit', 'inbound_id')).toHaveLength(6)
})

test('it ends after the present piece when it is asked to', async () => {
  await heard('goes', old)
  await heard('last', young)
  const closing = new AbortController()
  closing.abort()
  expect((await prune(db, before, closing.signal)).audit).toBe(0)
})

test('one process a day does it', async () => {
  const claims = await Promise.all(Array.from({ length: 5 }, () => claimPruning(db)))
  expect(claims.filter(Boolean)).toHaveLength(1)
  await sql`update chores set begun_at = now() - interval '25 hours'`.execute(db)
  expect(await claimPruning(db)).toBe(true)
  expect(await claimPruning(db)).toBe(false)
})

test('ended runs of screeners go with their results, but for the last of each member and those that a webhook waits for', async () => {
  const run = async (number: number, state: string, member = 1) => {
    const { rows } = await sql<{ id: number }>`
      insert into strategy_runs (member_id, number, request_id, origin, strategy, parameters, priority, state, message, time_limit_ms,
        asked_at, ended_at)
      values (${member}, ${number}, ${`${member}-${number}`}, 'api', 'x', '{}', 'normal', ${state}, '', 1, ${old},
        ${state === 'queued' ? null : old}) returning id`.execute(db)
    await sql`insert into strategy_results (run, symbol, outcome, detail) values (${rows[0]!.id}, 'A', 'passed', '{}')`.execute(
      db,
    )
    return rows[0]!.id
  }
  const [gone, open, told, last, only] = [
    ...[await run(1, 'completed'), await run(2, 'queued'), await run(3, 'error'), await run(4, 'cancelled')],
    await run(1, 'completed', 2),
  ]
  await sql`insert into strategy_notifications (run, target, next_at) values (${told}, 'webhook:x', now())`.execute(db)
  expect((await prune(db, before)).strategy_runs).toBe(1)
  const left = await db.selectFrom('strategy_runs').select('id').orderBy('id').execute()
  expect(left.map(({ id }) => id)).toEqual([open, told, last, only])
  const results = await db.selectFrom('strategy_results').select('run').where('run', '=', gone!).execute()
  expect(results).toEqual([])
})
