import { sql } from 'kysely'
import type { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import { begunAt, type Order, orderRow, toOrder } from '../../orders/rows/orders.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'
import type { Position } from '../../positions/rows/positions.ts'
import { closingSide } from '../../positions/rules/position.ts'
import type { RestingProtection } from '../rules/resting-protection.ts'

/** The live orders that protect a position at its venue: one, and for a moment none. */
export async function liveProtection(db: Db, positionId: number): Promise<Order[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('position_id', '=', positionId)
    .where('purpose', '=', 'protect')
    .where('state', 'in', liveStates)
    .orderBy('id')
    .execute()
  return rows.map((row) => toOrder(row) as Order)
}

/** The facts beside a locked position on which its protection at the venue depends. */
export interface AroundProtection {
  isOn: boolean
  /** The account is not linked: what rests at the venue stays there as it is. */
  isUnlinked: boolean
  isAdding: boolean
  isPassing: boolean
  isClosing: boolean
  isLost: boolean
  /** It was lost, and is tried once more. */
  isAgain: boolean
  /** Protection was taken back for an order that has not been written yet, or a close waits until it is. */
  isHeld: boolean
  /** The due time of the next chunk of a running scaleout; null without one, and while it waits for prices or for the open. */
  nextChunkAt: Date | null
  /** The number of orders that have protected it so far. */
  times: number
  /** The last fact that its thread was told. */
  told: string | null
}

/** An order for which protection was taken back is written within this many milliseconds, or not at all. */
const heldMs = 5000

/** An order that is live for longer than so many milliseconds lasts, and is told to keep protection away from the venue. */
const passingMs = 5000

/**
 * An order at the market for all that is open ends the position, and its protection with it. That it takes long is told only when nothing
 * of it was filled for so many milliseconds, since it came or since the last part.
 */
const endingMs = 30_000

/**
 * Protection that the venue has ended or refused is tried again after so many milliseconds: at once when the quantity or the books have
 * changed since, each time once, and otherwise seldom.
 */
const againMs = { changed: 2000, same: 900_000 }

/** Reads these facts in one statement. */
export async function aroundProtection(trx: Trx, { id, symbol }: Position, now: Date): Promise<AroundProtection> {
  const since = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  const { rows } = await sql<AroundProtection & { isEnded: boolean }>`
    select a.protects_at_venue and a.unlinked_at is null as "isOn", a.unlinked_at is not null as "isUnlinked", p.protection_told as told,
      exists (select from orders o where o.account_id = a.id and o.symbol = ${symbol} and o.purpose = 'open'
        and o.state = any(${[...liveStates]}::text[])) as "isAdding",
      exists (select from orders o where o.account_id = a.id and o.symbol = ${symbol} and o.purpose not in ('protect', 'record')
        and o.state = any(${[...liveStates]}::text[]) and o.created_at > ${since(passingMs)})
      or exists (select from orders o where o.position_id = p.id and o.purpose not in ('protect', 'record')
        and o.state = any(${[...liveStates]}::text[]) and o.limit_price is null and o.stop_price is null
        and o.quantity - o.filled_quantity >= abs(p.signed_quantity) - p.missing_quantity
        and (o.created_at > ${since(endingMs)}
          or exists (select from fills f where f.order_id = o.id and f.filled_at > ${since(endingMs)}))) as "isPassing",
      exists (select from desk_events e where e.urgency = 'CRITICAL' and e.settled_at is null
        and (e.position_id = p.id or (e.position_id is null and e.account_id = a.id))) as "isClosing",
      coalesce(last.state in ('refused', 'cancelled', 'expired') and last.cancel_asked_at is null
        and last.created_at > coalesce(a.protects_since, '-infinity')
        and not exists (select from protective_orders l where l.position_id = p.id and l.created_at > last.created_at), false) as "isEnded",
      coalesce(last.created_at <= ${since(againMs.same)} or (last.created_at <= ${since(againMs.changed)} and (
        last.quantity <> abs(p.signed_quantity) - p.missing_quantity
        or exists (select from book_gaps g where g.account_id = a.id and g.symbol = p.symbol and g.ended_at > last.created_at))),
        false) as "isAgain",
      coalesce(p.protection_held_at > ${new Date(now.getTime() - heldMs)} and not exists (select from orders o
        where o.account_id = a.id and o.symbol = ${symbol} and o.purpose not in ('protect', 'record')
          and o.created_at >= p.protection_held_at), false)
        or exists (select from unfinished_closes u where u.position_id = p.id) as "isHeld",
      (select min(c.due_at) from scaleouts s join scaleout_chunks c on c.scaleout_id = s.id and c.state = 'waiting'
        where s.position_id = p.id and s.state = 'running') as "nextChunkAt",
      (select count(*)::int from orders o where o.position_id = p.id and o.purpose = 'protect') as times
    from positions p join accounts a on a.id = p.account_id
    left join lateral (select state, cancel_asked_at, created_at, quantity from orders o
      where o.position_id = p.id and o.purpose = 'protect' order by o.id desc limit 1) last on true
    where p.id = ${id}`.execute(trx)
  const { isEnded, isAgain, ...around } = rows[0]!
  return { ...around, isLost: isEnded && !isAgain, isAgain: isEnded && isAgain }
}

/** An order to write that protects a locked position; its levels belong to a member and a conversation. */
export interface ProtectionToPlace {
  order: RestingProtection
  /** How many orders have protected the position before. */
  times: number
  /** The venue has ended or refused the one before. */
  isAgain: boolean
  memberId: number
  conversationId: number
  expectedPrice: Big
}

/** The end of the client id of an order whose predecessor was lost: a refusal of it is told no more. */
const againEnding = '-again'
export const isTriedAgain = ({ clientOrderId }: Pick<Order, 'clientOrderId'>) => clientOrderId.endsWith(againEnding)

/** Writes the order, and sets its quantity aside; the version of the position goes up. */
export async function placeProtection(
  trx: Trx,
  position: Position,
  placing: ProtectionToPlace,
  at: Date,
): Promise<Order> {
  const { stop, target, quantity } = placing.order
  const draft = {
    ...begunAt(at),
    clientOrderId: `protect-${position.id}-${placing.times + 1}${placing.isAgain ? againEnding : ''}`,
    accountId: position.accountId,
    memberId: placing.memberId,
    positionId: position.id,
    conversationId: placing.conversationId,
    chunkId: null,
    purpose: 'protect' as const,
    symbol: position.symbol,
    side: closingSide(position.signedQuantity),
    quantity,
    expectedPrice: placing.expectedPrice,
    protects: { ...(stop && { stop }), ...(target && { target }) },
  }
  await sql`update positions set protecting_quantity = protecting_quantity + ${quantity.toFixed()}::numeric, version = version + 1,
      protection_told = case when ${placing.isAgain} then 'lost' else protection_told end
    where id = ${position.id}`.execute(trx)
  const { id, sent_as } = await trx
    .insertInto('orders')
    .values(orderRow(draft))
    .returning(['id', 'sent_as'])
    .executeTakeFirstOrThrow()
  return { ...draft, id, sentAs: sent_as }
}

/** Notes the fact that the thread of a position is told now. False when it was told before. */
export async function noteProtectionTold(trx: Trx, positionId: number, told: string): Promise<boolean> {
  const noted = await trx
    .updateTable('positions')
    .set({ protection_told: told })
    .where('id', '=', positionId)
    .where((eb) => eb.or([eb('protection_told', 'is', null), eb('protection_told', '<>', told)]))
    .executeTakeFirst()
  return noted.numUpdatedRows > 0n
}

/**
 * Notes that the protection of a position at its venue is being taken back: its version goes up, so that the monitors read it again.
 * `heldAt`: another order is about to take from the position, so nothing is placed there in between.
 */
export async function noteTakenBack(db: Db, positionId: number, heldAt?: Date): Promise<void> {
  await db
    .updateTable('positions')
    .set((eb) => ({ version: eb('version', '+', 1), ...(heldAt && { protection_held_at: heldAt }) }))
    .where('id', '=', positionId)
    .execute()
}

/** The positions whose protection at the venue has to be looked after: open ones of accounts that want it, and all that have some. */
export async function positionsToProtect(db: Db): Promise<{ id: number; accountId: number }[]> {
  const { rows } = await sql<{ id: number; accountId: number }>`
    select p.id, p.account_id as "accountId" from accounts a join positions p on p.account_id = a.id and p.closed_at is null
    where a.protects_at_venue
    union
    select position_id, account_id from orders where purpose = 'protect' and state = any(${[...liveStates]}::text[])`.execute(
    db,
  )
  return rows
}
