import { sql } from 'kysely'
import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import { readThresholds } from '../../accounts/rows/thresholds.ts'
import type { Thresholds } from '../../accounts/rules/thresholds.ts'
import { type LastSplit, splitsOfOpen } from '../../positions/rows/position-adjustments.ts'
import { averageEntryPrice } from '../../positions/rules/position.ts'
import { unseen, type WatchState } from '../rules/triggers.ts'
import type { WatchedLevel, WatchedPosition } from '../rules/watched-position.ts'

/** An open position with all that watching it needs. */
export interface Watched extends WatchedPosition {
  accountId: number
  memberId: number
  symbol: string
  version: number
  /** The thread that opened it. */
  conversationId?: number
  thresholds: Thresholds
  state: WatchState
  /** The price, in dollars, at which it was marked last, and when. */
  mark?: Big
  markedAt?: Date
  /** The last split of it, as long as prices of old units may come. */
  split?: LastSplit
}

/** The last price, in dollars, that is known of a position: its mark, or what was paid for it. */
export function knownPrice(position: Watched): Big {
  return position.mark ?? averageEntryPrice(position)
}

/** Which open positions: some, those of an account, or of the accounts of a shard (`account id modulo of`). All when left out. */
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

/** Protective orders that work, as arrays of what a level is made of. */
const level = (kind: 'stop' | 'target') => sql<[number, string, string | null, string | null] | null>`(
  select jsonb_build_array(o.id, o.price::text, o.trail::text, o.best_price::text) from protective_orders o
  where o.position_id = p.id and o.kind = ${sql.lit(kind)} and o.state = 'working')`

/** Open positions with levels, thresholds and what was seen of them, in one statement. */
export async function watchedPositions(db: Db, which: Which = {}): Promise<Watched[]> {
  let query = db
    .selectFrom('positions as p')
    .innerJoin('accounts as a', 'a.id', 'p.account_id')
    .leftJoin('account_risk as r', 'r.account_id', 'p.account_id')
    .leftJoin('position_watch as w', 'w.position_id', 'p.id')
    .where('p.closed_at', 'is', null)
    .orderBy('p.account_id')
    .orderBy('p.id')
  if (which.ids) query = query.where(sql<boolean>`p.id = any(${which.ids}::bigint[])`)
  if (which.accountId !== undefined) query = query.where('p.account_id', '=', which.accountId)
  if (which.shard) query = query.where(sql<boolean>`p.account_id % ${which.shard.of} = ${which.shard.index}`)
  const rowsOf = query.select([
    'p.id',
    'p.account_id',
    'a.member_id',
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
  ])
  const [rows, splits] = await Promise.all([rowsOf.execute(), splitsOfOpen(db, which.ids)])
  // Accounts that set nothing share the defaults.
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
      stop: toLevel(row.stop),
      target: toLevel(row.target),
      thresholds: thresholds.get(row.account_id)!,
      state: toState(row.state),
      mark: row.mark === null ? undefined : new Big(row.mark),
      markedAt: row.marked_at ?? undefined,
      split: splits.get(row.id),
    }
  })
}

function toLevel(row: [number, string, string | null, string | null] | null): WatchedLevel | undefined {
  if (!row) return undefined
  const [id, price, share, best] = row
  const trail = share === null || best === null ? undefined : { share: new Big(share), bestPrice: new Big(best) }
  return { id, price: new Big(price), trail }
}

/** A state that cannot be read is begun anew: keys keep what was said from being said again. */
function toState(stored: unknown): WatchState {
  const parsed = storedState.safeParse(stored)
  return parsed.success ? parsed.data : unseen
}

/** What a look at a position found; the mark is left out where there was no price to mark it at. */
export interface Mark {
  positionId: number
  /** The version of the position that was looked at. */
  version: number
  state: WatchState
  /** Dollars a unit, dollars, and a share of one. */
  marked?: { price: Big; unrealizedPnl: Big; unrealizedReturn: Big }
}

/**
 * Writes what was seen of positions, all in one statement: the mark of each, its best and worst return, and its state
 * unless a newer one is there or the position has changed since. Closed positions keep what they had, and so do those that
 * were split after `at`, when they were looked at.
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
      -- A price that was seen before a split is one of old units.
      and not exists (select from position_adjustments a where a.position_id = p.id and a.at > ${at})
    order by g.id
    on conflict (position_id) do update set
      -- One that cannot be read gives way.
      state = case when jsonb_typeof(w.state->'seq') is distinct from 'number' or w.state->'seq' < excluded.state->'seq'
        then excluded.state else w.state end,
      mark = coalesce(excluded.mark, w.mark),
      unrealized_pnl = coalesce(excluded.unrealized_pnl, w.unrealized_pnl),
      best_return = greatest(w.best_return, excluded.best_return),
      worst_return = least(w.worst_return, excluded.worst_return),
      marked_at = coalesce(excluded.marked_at, w.marked_at)`.execute(db)
}
