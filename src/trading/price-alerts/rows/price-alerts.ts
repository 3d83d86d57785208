import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { type Ratio, splitCondition } from '../../corporate-actions/rules/split.ts'
import type { AlertLevel } from '../rules/price-alert.ts'

/** A price alert of a member. */
export interface PriceAlert extends AlertLevel {
  id: number
  /** Its number among the member's alerts. */
  number: number
  memberId: number
  conversationId: number
  symbol: string
  createdAt: Date
}

/** The most alerts of a member that wait at once. */
export const mostAlerts = 50

/**
 * Saves an alert, once a message. `too many`: the member has as many as is allowed. `set before`: the message was heard before.
 */
export async function savePriceAlert(
  trx: Trx,
  wanted: Omit<PriceAlert, 'id' | 'number' | 'createdAt'> & { inboundId: string },
  at: Date,
): Promise<PriceAlert | 'too many' | 'set before'> {
  // The lock gives each alert a number of its own, and keeps the bound.
  await sql`select from members where id = ${wanted.memberId} for no key update`.execute(trx)
  const { rows } = await sql<{ waiting: number; last: number; known: boolean }>`
    select count(*) filter (where state = 'waiting')::int as waiting, coalesce(max(number), 0)::int as last,
      coalesce(bool_or(inbound_id = ${wanted.inboundId}), false) as known
    from price_alerts where member_id = ${wanted.memberId}`.execute(trx)
  const { waiting, last, known } = rows[0]!
  if (known) return 'set before'
  if (waiting >= mostAlerts) return 'too many'
  const row = await trx
    .insertInto('price_alerts')
    .values({
      member_id: wanted.memberId,
      conversation_id: wanted.conversationId,
      inbound_id: wanted.inboundId,
      number: last + 1,
      symbol: wanted.symbol,
      above: wanted.above?.toFixed() ?? null,
      below: wanted.below?.toFixed() ?? null,
      created_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toAlert(row)
}

/** The waiting alerts of a member, by number. */
export async function alertsOf(db: Db, memberId: number): Promise<PriceAlert[]> {
  const rows = await db
    .selectFrom('price_alerts')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('state', '=', 'waiting')
    .orderBy('number')
    .execute()
  return rows.map(toAlert)
}

/** The waiting alerts of all members. */
export async function waitingAlerts(db: Db): Promise<PriceAlert[]> {
  const rows = await db.selectFrom('price_alerts').selectAll().where('state', '=', 'waiting').orderBy('id').execute()
  return rows.map(toAlert)
}

/** Takes back the waiting alerts of a member, or the one with this number. Returns them. */
export async function endAlerts(db: Db, memberId: number, at: Date, number?: number): Promise<PriceAlert[]> {
  const rows = await db
    .updateTable('price_alerts')
    .set({ state: 'off', ended_at: at })
    .where('member_id', '=', memberId)
    .where('state', '=', 'waiting')
    .$if(number !== undefined, (query) => query.where('number', '=', number!))
    .returningAll()
    .execute()
  return rows.map(toAlert).sort((a, b) => a.number - b.number)
}

/**
 * Ends an alert whose level a price has reached. Undefined when another process told it, when it was taken back, or when a split
 * has moved its level since it was read.
 */
export async function noteReached(trx: Trx, id: number, price: Big, at: Date): Promise<PriceAlert | undefined> {
  const row = await trx
    .updateTable('price_alerts')
    .set({ state: 'told', reached_price: price.toFixed(), ended_at: at })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where((eb) => eb.or([eb('above', '<=', price.toFixed()), eb('below', '>=', price.toFixed())]))
    .returningAll()
    .executeTakeFirst()
  return row && toAlert(row)
}

/** Moves the waiting alerts of a symbol to its new units and its new name. `tick` is the step of the new prices in dollars. */
export async function moveAlerts(
  trx: Trx,
  { symbol, newSymbol, ratio }: { symbol: string; newSymbol: string; ratio: Ratio },
  tick: Big,
): Promise<void> {
  const rows = await trx
    .selectFrom('price_alerts')
    .selectAll()
    .where('symbol', '=', symbol)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .forUpdate()
    .execute()
  for (const { id, above, below } of rows.map(toAlert)) {
    await trx
      .updateTable('price_alerts')
      .set({
        symbol: newSymbol,
        above: above ? splitCondition('above', above, ratio, tick).toFixed() : null,
        below: below ? splitCondition('below', below, ratio, tick).toFixed() : null,
      })
      .where('id', '=', id)
      .execute()
  }
}

function toAlert(row: Selectable<Database['price_alerts']>): PriceAlert {
  return {
    id: row.id,
    number: row.number,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    above: row.above === null ? undefined : new Big(row.above),
    below: row.below === null ? undefined : new Big(row.below),
    createdAt: row.created_at,
  }
}
