import { type RawBuilder, type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { Position } from '../../positions/rows/positions.ts'
import type { Trail } from '../rules/protection.ts'
import { type HitLevel, hitLevels } from './hit-levels.ts'
import { lockPartLevels, type PartLevel, type ProtectionKind, partOrder, toPartLevel } from './part-levels.ts'

export type { ProtectionKind } from './part-levels.ts'

/** A working stop or target. A position has at most one of each kind; its price changes only while it trails. */
export interface ProtectiveOrder {
  id: number
  positionId: number
  accountId: number
  /** The member who set it, and the conversation. */
  memberId: number
  conversationId: number
  symbol: string
  kind: ProtectionKind
  /** Dollars a unit. */
  price: Big
  /** Set for a trailing stop. */
  trail?: Trail
  /** Exactly the open quantity. */
  quantity: Big
  createdAt: Date
}

/** The orders that protect a position; the stop and the target are one-cancels-other. */
export interface Protection {
  stop?: ProtectiveOrder
  target?: ProtectiveOrder
  /** The levels that close only a part, stops first, each kind in the order in which the price gets to them. */
  parts?: PartLevel[]
  /** Levels that were touched and whose close is not done; they are no levels any more. Absent: none, or not asked for. */
  hit?: HitLevel[]
}

/** A level to set. */
export type Level = Pick<ProtectiveOrder, 'kind' | 'price' | 'trail' | 'memberId' | 'conversationId'>

/** The protection of a position. */
export async function protectionOf(db: Db, positionId: number): Promise<Protection> {
  const which = (column: RawBuilder<unknown>) => sql`${column} = ${positionId}`
  const [levels, hit] = await Promise.all([levelsOf(db, which), hitLevels(db, which)])
  return withHit(protectionFrom(levels), hit)
}

/** The protection of a locked position, locked until the transaction ends. */
export async function lockProtection(trx: Trx, positionId: number): Promise<Protection> {
  const rows = await working(trx).where('position_id', '=', positionId).orderBy('id').forUpdate().execute()
  return protectionFrom([...rows.map(toProtectiveOrder), ...(await lockPartLevels(trx, positionId))])
}

/** The level whose touch is closing a locked position right now; undefined when none is, or when a person gave up the close. */
export async function touchedLevel(trx: Trx, positionId: number): Promise<ProtectionKind | undefined> {
  const { rows } = await sql<{ kind: ProtectionKind }>`
    select p.kind from desk_events e join protective_orders p on p.id = case
      when e.data ->> 'protectiveOrderId' ~ '^[0-9]+$' then (e.data ->> 'protectiveOrderId')::bigint end
    where e.position_id = ${positionId} and e.urgency = 'CRITICAL' and e.settled_at is null and p.state = 'triggered'
    limit 1`.execute(trx)
  return rows[0]?.kind
}

/** The protection of each position of an account, by position id; positions without any level, working or hit, are missing. */
export async function protectionOfAccount(db: Db, accountId: number): Promise<Map<number, Protection>> {
  const open = sql`select id from positions where account_id = ${accountId} and closed_at is null`
  const which = (column: RawBuilder<unknown>) => sql`${column} = any(array(${open}))`
  const [levels, hit] = await Promise.all([levelsOf(db, which), hitLevels(db, which)])
  const byPosition = Map.groupBy(levels, (level) => level.positionId)
  const hitBy = Map.groupBy(hit, (level) => level.positionId)
  const ids = new Set([...byPosition.keys(), ...hitBy.keys()])
  return new Map([...ids].map((id) => [id, withHit(protectionFrom(byPosition.get(id) ?? []), hitBy.get(id))]))
}

const withHit = (protection: Protection, hit: HitLevel[] = []): Protection =>
  hit.length > 0 ? { ...protection, hit } : protection

/** The working levels of positions, whole and of parts, in one statement; `which` selects them by the column of the position. */
async function levelsOf(
  db: Db,
  which: (column: RawBuilder<unknown>) => RawBuilder<unknown>,
): Promise<(ProtectiveOrder | PartLevel)[]> {
  const { rows } = await sql<(Selectable<Database['protective_orders']> & { is_part: false }) | PartRow>`
    select o.id, o.position_id, o.account_id, o.member_id, o.conversation_id, o.symbol, o.kind, o.price, o.trail,
      o.trail_dollars, o.best_price, o.quantity, o.created_at, false as is_part, null::numeric as distance
    from protective_orders o where o.state = 'working' and ${which(sql.ref('o.position_id'))}
    union all
    select l.id, l.position_id, l.account_id, l.member_id, l.conversation_id, p.symbol, l.kind, l.price, null,
      null, null, l.quantity, l.created_at, true, ${partOrder}
    from part_levels l join positions p on p.id = l.position_id
    where l.state = 'working' and ${which(sql.ref('l.position_id'))}
    order by kind, distance`.execute(db)
  return rows.map((row) => (row.is_part ? toPartLevel(row) : toProtectiveOrder(row)))
}

type PartRow = Selectable<Database['part_levels']> & { symbol: string; is_part: true }

/**
 * Sets the stop or the target of a locked open position, and cancels the working order of that kind. The position's version
 * goes up, so that decisions about the old level no longer hold.
 */
export async function setProtectiveOrder(
  trx: Trx,
  position: Position,
  level: Level,
  at: Date,
): Promise<ProtectiveOrder> {
  await trx
    .updateTable('protective_orders')
    .set({ state: 'cancelled', ended_because: 'replaced', ended_at: at })
    .where('position_id', '=', position.id)
    .where('kind', '=', level.kind)
    .where('state', '=', 'working')
    .execute()
  const row = await trx
    .with('newer', () => newer(trx, position.id))
    .insertInto('protective_orders')
    .values({
      position_id: position.id,
      account_id: position.accountId,
      member_id: level.memberId,
      conversation_id: level.conversationId,
      symbol: position.symbol,
      kind: level.kind,
      price: level.price.toFixed(),
      trail: level.trail?.share.toFixed() ?? null,
      trail_dollars: level.trail?.dollars?.toFixed() ?? null,
      best_price: level.trail?.bestPrice.toFixed() ?? null,
      quantity: position.signedQuantity.abs().toFixed(),
      created_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toProtectiveOrder(row)
}

/** Cancels a working protective order of a locked position. The position's version goes up. */
export async function cancelProtectiveOrder(
  trx: Trx,
  { id, positionId }: ProtectiveOrder,
  because: string,
  at: Date,
): Promise<void> {
  await trx
    .with('newer', () => newer(trx, positionId))
    .updateTable('protective_orders')
    .set({ state: 'cancelled', ended_because: because, ended_at: at })
    .where('id', '=', id)
    .where('state', '=', 'working')
    .execute()
}

/** A move of a stop. A trailing stop gets its `bestPrice` together with the price. */
export interface StopMove {
  protectiveOrderId: number
  price: Big
  bestPrice?: Big
}

/**
 * Moves stops in one statement, only ever tighter: up for a long position, down for a short one. A move that would loosen a
 * stop, or whose order no longer works, is ignored. A locked stop is being changed or executed, so it is skipped; the next
 * price moves it. Returns the ids of the moved stops.
 */
export async function moveStops(db: Db, moves: StopMove[]): Promise<number[]> {
  if (moves.length === 0) return []
  const { rows } = await sql<{ id: number }>`
    with free as (
      select o.id, m.price, m.best_price
      from unnest(
          ${moves.map((move) => move.protectiveOrderId)}::bigint[],
          ${moves.map((move) => move.price.toFixed())}::numeric[],
          ${moves.map((move) => move.bestPrice?.toFixed() ?? null)}::numeric[]
        ) as m (id, price, best_price)
      join protective_orders o on o.id = m.id and o.kind = 'stop' and o.state = 'working'
      join positions p on p.id = o.position_id
      where m.price > 0 and case when p.signed_quantity > 0 then m.price > o.price else m.price < o.price end
      for update of o skip locked
    )
    update protective_orders o
    set price = free.price,
      best_price = case when o.trail is null then null else coalesce(free.best_price, o.best_price) end
    from free
    where o.id = free.id
    returning o.id`.execute(db)
  return rows.map((row) => row.id)
}

function working(db: Db) {
  return db.selectFrom('protective_orders').selectAll().where('state', '=', 'working')
}

function newer(db: Db, positionId: number) {
  return db
    .updateTable('positions')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', positionId)
}

function protectionFrom(levels: (ProtectiveOrder | PartLevel)[]): Protection {
  const parts = levels.filter((level) => 'isPart' in level)
  const whole = (kind: ProtectionKind) =>
    levels.find((level): level is ProtectiveOrder => level.kind === kind && !('isPart' in level))
  return { stop: whole('stop'), target: whole('target'), ...(parts.length > 0 && { parts }) }
}

/** The trail in three columns; undefined for a fixed level. */
export function trailFrom(share: string | null, best: string | null, dollars: string | null): Trail | undefined {
  if (share === null || best === null) return undefined
  return { share: new Big(share), bestPrice: new Big(best), ...(dollars !== null && { dollars: new Big(dollars) }) }
}

function toProtectiveOrder(row: Selectable<Database['protective_orders']>): ProtectiveOrder {
  return {
    id: row.id,
    positionId: row.position_id,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    kind: row.kind,
    price: new Big(row.price),
    trail: trailFrom(row.trail, row.best_price, row.trail_dollars),
    quantity: new Big(row.quantity),
    createdAt: row.created_at,
  }
}

/**
 * The prices of touched levels in dollars, by the ids of the orders that close at them (`stop-12`, `stop-12-2`, and
 * `stop-part-3` for a part). An order that closes for another reason has none.
 */
export async function touchedLevels(db: Db, clientOrderIds: string[]): Promise<Map<string, Big>> {
  const said = clientOrderIds.flatMap((id) => {
    const [, part, level] = /^(?:stop|target)-(part-)?(\d+)/.exec(id) ?? []
    return level === undefined ? [] : [{ id, table: part ? 'part' : 'order', level: Number(level) }]
  })
  const ids = (table: string) => said.flatMap((one) => (one.table === table ? one.level : []))
  const { rows } = await sql<{ table: string; id: number; price: string }>`
    select 'order' as "table", id, price::text from protective_orders where id = any(${ids('order')}::bigint[])
    union all
    select 'part', id, price::text from part_levels where id = any(${ids('part')}::bigint[])`.execute(db)
  const prices = new Map(rows.map(({ table, id, price }) => [`${table} ${id}`, new Big(price)]))
  return new Map(said.map(({ id, table, level }) => [id, prices.get(`${table} ${level}`)] as const).filter(isPriced))
}

const isPriced = (one: readonly [string, Big | undefined]): one is readonly [string, Big] => one[1] !== undefined
