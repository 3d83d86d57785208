import { sql } from 'kysely'
import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import { readThresholds } from '../../accounts/rows/thresholds.ts'
import type { Thresholds } from '../../accounts/rules/thresholds.ts'
import { type LastSplit, splitsOfOpen } from '../../positions/rows/position-adjustments.ts'
import { averageEntryPrice } from '../../positions/rules/position.ts'
import { unseen, type WatchState } from '../rules/triggers.ts'
import type { WatchedLevel, WatchedPart, WatchedPosition } from '../rules/watched-position.ts'
import { trailFrom } from './protective-orders.ts'

/** An open position with everything needed to watch it. */
export interface Watched extends WatchedPosition {
  accountId: number
  memberId: number
  symbol: string
  version: number
  /** The conversation that opened it. */
  conversationId?: number
  thresholds: Thresholds
  state: WatchState
  /** The last mark in dollars, and its time. */
  mark?: Big
  markedAt?: Date
  /** Its account is one at a broker: a weak quote alone triggers nothing. */
  isLinked?: boolean
  /** The broker's units look like those after a split that the ledger has not seen: prices may be of other units than the position. */
  waits?: boolean
  /** The last split, while prices of old units may still come. */
  split?: LastSplit
}

/** The last known price of a position in dollars: its mark, or else its average entry price. */
export function knownPrice(position: Watched): Big {
  return position.mark ?? averageEntryPrice(position)
}

/**
 * A selection of open positions: by id, of an account, or of a shard of accounts (`account id modulo of`). Without a field,
 * all.
 */
export type Which = { ids?: number[]; accountId?: number; shard?: { index: number; of: number } }

const line = z.object({ order: z.number(), isFired: z.boolean(), times: z.number() })

const storedState = z.object({
  seq: z.number().int(),
  stop: line.optional(),
  target: line.optional(),
  milestone: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .optional(),
  decays: z.number().optional(),
  swing: z.number().optional(),
  flip: z.number().optional(),
  isVolatile: z.boolean().optional(),
  isCorrelated: z.boolean().optional(),
  unwatched: z.number().optional(),
})

/** The working protective order of a kind, as an array of the parts of a level. */
type LevelRow = [id: number, price: string, trail: string | null, best: string | null, dollars: string | null]
const level = (kind: 'stop' | 'target') => sql<LevelRow | null>`(
  select jsonb_build_array(o.id, o.price::text, o.trail::text, o.best_price::text, o.trail_dollars::text) from protective_orders o
  where o.position_id = p.id and o.kind = ${sql.lit(kind)} and o.state = 'working')`

type PartRow = [id: number, kind: 'stop' | 'target', price: string, quantity: string]
const parts = sql<PartRow[] | null>`(
  select jsonb_agg(jsonb_build_array(l.id, l.kind, l.price::text, l.quantity::text) order by l.id) from part_levels l
  where l.position_id = p.id and l.state = 'working')`

/** After a split, prices are of new units before the desk knows its new units: levels wait for the venue and its report to agree. */
const waits = sql<boolean>`exists (
  select from book_gaps g where g.account_id = p.account_id and g.symbol = p.symbol and g.ended_at is null and g.is_split_like)`
/** Does protection rest at the venue, confirmed, and not to be taken back? See `restsToProtect`. */
const atVenue = sql<boolean>`exists (
  select from orders v where v.position_id = p.id and v.purpose = 'protect' and v.state in ('working', 'partly_filled')
    and v.venue_order_id is not null and v.cancel_asked_at is null)`

/** Open positions with levels, thresholds and watch state, in one statement. */
export async function watchedPositions(db: Db, which: Which = {}): Promise<Watched[]> {
  let query = db
    .selectFrom('positions as p')
    .innerJoin('accounts as a', 'a.id', 'p.account_id')
    .leftJoin('account_risk as r', 'r.account_id', 'p.account_id')
    .leftJoin('position_watch as w', 'w.position_id', 'p.id')
    .where('p.closed_at', 'is', null)
    // Nothing can be sent for an account without its link, so nothing is watched there.
    .where('a.unlinked_at', 'is', null)
    .orderBy('p.account_id')
    .orderBy('p.id')
  if (which.ids) query = query.where(sql<boolean>`p.id = any(${which.ids}::bigint[])`)
  if (which.accountId !== undefined) query = query.where('p.account_id', '=', which.accountId)
  if (which.shard) query = query.where(sql<boolean>`p.account_id % ${which.shard.of} = ${which.shard.index}`)
  const rowsOf = query.select([
    'p.id',
    'p.account_id',
    'a.member_id',
    'a.venue',
    'p.symbol',
    'p.version',
    'p.conversation_id',
    'p.signed_quantity',
    'p.open_cost',
    'p.opened_at',
    'r.thresholds',
    'w.state',
    'w.mark',
    'w.marked_at',
    level('stop').as('stop'),
    level('target').as('target'),
    parts.as('parts'),
    waits.as('waits'),
    atVenue.as('at_venue'),
  ])
  const [rows, splits] = await Promise.all([rowsOf.execute(), splitsOfOpen(db, which.ids)])
  // Accounts without own thresholds share the defaults.
  const thresholds = new Map<number, Thresholds>()
  return rows.map((row) => {
    if (!thresholds.has(row.account_id)) thresholds.set(row.account_id, readThresholds(row.thresholds))
    return {
      id: row.id,
      accountId: row.account_id,
      memberId: row.member_id,
      symbol: row.symbol,
      version: row.version,
      conversationId: row.conversation_id ?? undefined,
      signedQuantity: new Big(row.signed_quantity),
      openCost: new Big(row.open_cost),
      openedAt: row.opened_at,
      stop: row.waits ? undefined : toLevel(row.stop),
      target: row.waits ? undefined : toLevel(row.target),
      ...(row.parts && !row.waits && { parts: row.parts.map(toPart) }),
      ...(row.waits && { waits: true }),
      ...(row.at_venue && { isProtectedAtVenue: true }),
      thresholds: thresholds.get(row.account_id)!,
      state: toState(row.state),
      mark: row.mark === null ? undefined : new Big(row.mark),
      markedAt: row.marked_at ?? undefined,
      ...(row.venue !== 'paper' && { isLinked: true }),
      split: splits.get(row.id),
    }
  })
}

function toLevel(row: LevelRow | null): WatchedLevel | undefined {
  if (!row) return undefined
  const [id, price, trail, best, dollars] = row
  return { id, price: new Big(price), trail: trailFrom(trail, best, dollars) }
}

function toPart([id, kind, price, quantity]: PartRow): WatchedPart {
  return { id, kind, price: new Big(price), quantity: new Big(quantity) }
}

/** An unreadable state starts anew; the dedupe keys keep events from being repeated. */
function toState(stored: unknown): WatchState {
  const parsed = storedState.safeParse(stored)
  return parsed.success ? parsed.data : unseen
}

/** The result of a look at a position; `marked` is absent without a price. */
export interface Mark {
  positionId: number
  /** The version of the position at the look. */
  version: number
  state: WatchState
  /** Dollars a unit, dollars, and a share of one. */
  marked?: { price: Big; unrealizedPnl: Big; unrealizedReturn: Big }
}

/**
 * Writes the results of looks at positions in one statement: the mark, the best and worst return, and the state, unless a newer
 * state is stored or the position has changed since. Closed positions keep their rows, and so do positions that were split
 * after `at`, the time of the look.
 */
export async function saveMarks(db: Db, marks: Mark[], at: Date): Promise<void> {
  if (marks.length === 0) return
  const column = <T>(of: (mark: Mark) => T) => marks.map(of)
  await sql`
    insert into position_watch as w
      (position_id, state, mark, unrealized_pnl, best_return, worst_return, marked_at)
    select g.id, case when p.version = g.version then g.state else '{"seq": 0}' end, g.mark, g.pnl, g.return, g.return, case when g.mark is null then null else ${at}::timestamptz end
    from unnest(
        ${column((mark) => mark.positionId)}::bigint[],
        ${column((mark) => mark.version)}::int[],
        ${column((mark) => JSON.stringify(mark.state))}::jsonb[],
        ${column((mark) => mark.marked?.price.toFixed() ?? null)}::numeric[],
        ${column((mark) => mark.marked?.unrealizedPnl.toFixed() ?? null)}::numeric[],
        ${column((mark) => mark.marked?.unrealizedReturn.toFixed() ?? null)}::numeric[]
      ) as g (id, version, state, mark, pnl, return)
    join positions p on p.id = g.id and p.closed_at is null
      -- A price from before a split is one of old units.
      and not exists (select from position_adjustments a where a.position_id = p.id and a.at > ${at})
    order by g.id
    on conflict (position_id) do update set
      -- An unreadable state is replaced.
      state = case when jsonb_typeof(w.state->'seq') is distinct from 'number' or w.state->'seq' < excluded.state->'seq'
        then excluded.state else w.state end,
      mark = coalesce(excluded.mark, w.mark),
      unrealized_pnl = coalesce(excluded.unrealized_pnl, w.unrealized_pnl),
      best_return = greatest(w.best_return, excluded.best_return),
      worst_return = least(w.worst_return, excluded.worst_return),
      marked_at = coalesce(excluded.marked_at, w.marked_at)`.execute(db)
}
